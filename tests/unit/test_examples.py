"""Every example in docs/examples runs and says what it promises."""

import subprocess
import sys
from pathlib import Path

import pytest

from valentin.repertoire import piece

ROOT = Path(__file__).parents[2]
NOCTURNE = piece("chopin-op9-2")
EXAMPLES = {
    "compare_performers.py": ([], "by rules"),
    "where_it_went_wrong.py": ([NOCTURNE.score, NOCTURNE.takes[0]], "bar 3: 1 notes wrong"),
}


def test_every_example_is_here() -> None:
    assert {p.name for p in (ROOT / "docs/examples").glob("*.py")} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example(name: str) -> None:
    arguments, promised = EXAMPLES[name]
    done = subprocess.run(
        [sys.executable, ROOT / "docs/examples" / name, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert promised in done.stdout
