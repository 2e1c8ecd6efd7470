"""Games of workers, kept on disk and sealed: nothing is unpickled that the bot has not written.

The seal of a game is made from a secret and from every move that led to it. Whoever cannot name
the moves cannot open it: when the words of one are forgotten, nobody can.
"""

import hmac
import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken


class Snapshots:
    """One file a match; what cannot be kept is played again, so that no fault of a disk matters."""

    def __init__(self, folder: Path) -> None:
        """Take a folder, which may be missing."""
        self._folder = folder

    def keep(self, match_id: str, moves: Sequence[str], state: bytes) -> None:
        """Keep a game after these moves, in place of an older one."""
        file = self._file(match_id)
        part = file.with_suffix(".part")
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_bytes(b"%d\n%b" % (len(moves), self._seal(match_id, moves).encrypt(state)))
            part.replace(file)

    def kept(self, match_id: str, moves: Sequence[str]) -> tuple[int, bytes] | None:
        """Return after how many of these moves a game was kept, and the game; None for none.

        What does not belong to these moves is deleted.
        """
        try:
            count, _, sealed = self._file(match_id).read_bytes().partition(b"\n")
            known = int(count)
            if known <= len(moves):
                return known, self._seal(match_id, moves[:known]).decrypt(sealed)
        except OSError:
            return None
        except (ValueError, InvalidToken):
            pass
        self.drop(match_id)
        return None

    def drop(self, match_id: str) -> None:
        """Delete what is kept of a match."""
        with suppress(OSError):
            self._file(match_id).unlink(missing_ok=True)

    def _file(self, match_id: str) -> Path:
        return self._folder / f"{match_id}.game"

    def _seal(self, match_id: str, moves: Sequence[str]) -> Fernet:
        what = json.dumps([match_id, *moves]).encode()
        return Fernet(urlsafe_b64encode(hmac.digest(self._secret(), what, "sha256")))

    def _secret(self) -> bytes:
        """Return the secret of this folder, which is made when it is first needed."""
        file = self._folder / "key"
        with suppress(FileExistsError):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(secrets.token_bytes(32))
        return file.read_bytes()
