"""Model files with flipped, missing and doubled bytes: refused with a reason, or used."""

import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest

from tests import gguf_maker

ROOT = Path(__file__).parents[4]
SMALL = gguf_maker.Shape(layers=1, width=64, heads=2, key_heads=1, inner=64, merges=8)
MUTANTS = 500


def mutant(raw: bytes, rng: Random) -> bytes:
    """Return the file with some damage, most of it in the header, where it can do harm."""
    damaged = bytearray(raw)
    reach = len(raw) if rng.random() < 0.2 else 7000
    match rng.randrange(5):
        case 0:
            for _ in range(rng.randint(1, 8)):
                damaged[rng.randrange(reach)] ^= 1 << rng.randrange(8)
        case 1:
            at = rng.randrange(reach)
            damaged[at : at + rng.randint(1, 8)] = rng.choice([b"\0", b"\xff"]) * 8
        case 2:
            del damaged[rng.randrange(reach) :]
        case 3:
            at = rng.randrange(reach)
            del damaged[at : at + rng.randint(1, 64)]
        case 4:
            at = rng.randrange(reach)
            damaged[at:at] = damaged[at : at + rng.randint(1, 64)]
    return bytes(damaged)


class Opener:
    """The process that opens files, and another one whenever native code has ended it."""

    def __init__(self) -> None:
        self._process = None

    def open(self, path: Path) -> str:
        """Return what became of a file: "loaded", "refused: ..." or "died"."""
        if self._process is None:
            command = [sys.executable, "-m", "tests.bot.models.llama.broken_models"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            quiet = {"stderr": subprocess.DEVNULL, "text": True, "cwd": ROOT}
            self._process = subprocess.Popen(command, **pipes, **quiet)
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline().strip()
        if not said:
            self.close()
            return "died"
        return said

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()
            self._process = None


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="needs the extra `local`: make local")
def test_500_damaged_files_are_refused_with_their_name_or_answer(tmp_path):
    raw = gguf_maker.tiny(tmp_path / "good.gguf", shape=SMALL).read_bytes()
    rng, opener, ends = Random(1), Opener(), Counter()
    path = tmp_path / "bad.gguf"
    for number in range(MUTANTS):
        path.write_bytes(mutant(raw, rng))
        end = opener.open(path)
        ends[end.split(":")[0]] += 1
        if end == "died":
            path.rename(tmp_path / f"died-{number}.gguf")
        assert end in ("loaded", "died") or end.startswith("refused: The model bad.gguf "), end
    opener.close()
    assert ends["refused"] > MUTANTS / 2
    assert not ends["died"], ends
