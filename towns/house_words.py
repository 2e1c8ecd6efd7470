"""What a resident that follows rules of thumb says, and how it puts what it remembers."""

from collections.abc import Mapping
from typing import Final

from towns.memory import RecordKind

GREETINGS: Final = (
    "Hello {name}! I was just thinking of you.",
    "{name}, good to see you. How has your day been?",
    "Oh, {name}. Do you have a moment?",
)
ABOUT: Final = (
    "I keep coming back to {topic}. What do you make of it?",
    "Lately I spend a good part of my days on {topic}.",
    "If it were up to me, everybody here would talk more about {topic}.",
    "I could talk about {topic} all day, so stop me in time.",
)
REPLIES: Final = (
    "I had not looked at it that way.",
    "That sounds right to me. Tell me more some time.",
    "I am not so sure, but I see what you mean.",
    "You always notice such things.",
    "That would have made me laugh.",
)
GOODBYES: Final = (
    "I have to go. See you around, {name}!",
    "Let us talk again soon, {name}.",
    "That was nice, {name}. Take care!",
)
TOPICS: Final = ("this town", "the weather", "what there is to eat", "the neighbours")
IMPRESSIONS: Final = ("easy to talk to", "good company", "kind, if a little busy", "curious")
PLACES: Final = ("does what I came for", "pleasant enough", "quiet at this hour")
QUESTIONS: Final = (
    "What do I spend my days on?",
    "Who matters to me here?",
    "What has gone wrong lately, and why?",
)
INSIGHTS: Final[Mapping[RecordKind, str]] = {
    RecordKind.SAW: "I notice those around me more than I speak to them.",
    RecordKind.DID: "My days follow a rhythm, and what I do most makes me who I am here.",
    RecordKind.PLANNED: "I like to know in the morning what the evening will bring.",
    RecordKind.TALKED: "Talking with people here matters to me.",
    RecordKind.FAILED: "Some things do not work out here, and I should plan with more care.",
    RecordKind.INSIGHT: "I keep thinking about the same few things.",
}
