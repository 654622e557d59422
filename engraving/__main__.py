"""`python -m engraving`: write every piece of the shelf again from its source."""

from __future__ import annotations

import sys
from pathlib import Path

from engraving.musicxml import musicxml
from engraving.parsing import parse
from valentin.files import written

SOURCES = Path(__file__).parent
SHELF = SOURCES.parent / "src" / "valentin" / "repertoire"


def main() -> int:
    """Compile every source beside this file into the repertoire."""
    for path in sorted(SOURCES.glob("*.txt")):
        text = musicxml(parse(path.read_text(encoding="utf-8")))
        with written(SHELF / f"{path.stem}.musicxml") as beside:
            beside.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.stem}: {text.count('<note id=')} note heads\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
