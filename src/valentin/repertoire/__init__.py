"""The shelf: the pieces that valentin engraved itself, and what to know of each.

Every piece is a folder of data next to this file's `index.toml`.

**Knows nothing of** what is inside a score.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from valentin.errors import ReadError

__all__ = ["Piece", "piece", "pieces"]

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece on the shelf; `takes` are MIDI files to give a lesson on.

    `mine` marks a piece that the user brought; of such a one level and period are not known.
    """

    name: str
    title: str
    composer: str
    level: str
    period: str
    listen_for: str
    source: str
    score: Path
    takes: tuple[Path, ...] = ()
    mine: bool = False


@cache
def pieces() -> tuple[Piece, ...]:
    """All pieces, in the order of the shelf."""
    index = tomllib.loads((HERE / "index.toml").read_text(encoding="utf-8"))
    return tuple(
        Piece(
            name=name,
            title=row["title"],
            composer=row["composer"],
            level=row["level"],
            period=row["period"],
            listen_for=row["listen_for"],
            source=row["source"],
            score=HERE / row["score"],
            takes=tuple(HERE / take for take in row.get("takes", ())),
        )
        for name, row in index.items()
    )


def piece(name: str) -> Piece:
    """The piece of that name. Raises ReadError, naming those there are."""
    for each in pieces():
        if each.name == name:
            return each
    there = ", ".join(each.name for each in pieces())
    raise ReadError(
        f"Looking for `{name}`: there is no such file, and the shelf has {there}; "
        "give the path of a score or one of these names.",
        path=name,
    )
