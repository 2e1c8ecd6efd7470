"""Who answers an Ask: people, language models, house bots and scripts."""
