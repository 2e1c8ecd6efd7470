"""Parlour's command line: python bot.py --help."""

import os
import sys
from pathlib import Path

OWN = Path(__file__).absolute().with_name(".venv")
"""What `make play` sets up."""

try:
    from bot.cli import main
except (ImportError, SyntaxError) as why:  # this Python is too old, or has not what is needed
    if not (OWN / "installed").exists():
        sys.exit(f"Parlour is not set up for this Python ({why}): run “make play” once.")
    if Path(sys.prefix).samefile(OWN):
        raise
    python = OWN / "bin" / "python"
    os.execv(python, [python, *sys.argv])  # noqa: S606 -- the same command, no shell

if __name__ == "__main__":
    main()
