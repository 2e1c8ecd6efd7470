"""Local GGUF models: one llama.cpp context that answers many conversations at the same time."""
