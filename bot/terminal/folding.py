"""Lines of the width of a terminal: people read them, so they break between words."""

import shutil
import textwrap
from typing import TextIO


def folded(text: str, screen: TextIO, indent: int = 0) -> str:
    """Return a text as it fits the terminal, later lines set in; unchanged for a file or a pipe."""
    if not screen.isatty():
        return text
    width = max(20, shutil.get_terminal_size().columns - 1)
    wrapper = textwrap.TextWrapper(width, subsequent_indent=" " * indent, break_on_hyphens=False)
    return "\n".join(wrapper.fill(line) for line in text.split("\n"))
