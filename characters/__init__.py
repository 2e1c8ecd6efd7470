"""Characters: who they are, what they know, how they speak. Nothing here does I/O."""
