"""What verbs ask for: their help and their arguments, and how each is read from the line.

**Knows nothing of** what a verb does with them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = [
    "CHARACTERS", "LANGUAGES", "Given", "Verbs", "add_out", "add_score", "add_sounding",
    "add_verb", "bars", "factor", "seed", "span_cm",
]  # fmt: skip

Given = argparse.Namespace
Verbs = Any
"""argparse names the type of its verbs only privately."""

HALLS = (
    "where: dry (the default), practice-room, salon, recital, shoebox (vienna), "
    "vineyard (tokyo), cathedral"
)

CHARACTERS = (
    "calm", "singing", "longing", "passionate", "playful", "solemn", "brilliant", "mysterious",
)  # fmt: skip
"""The words of `shaping.CHARACTERS`, here so that `--help` need not load it."""


LANGUAGES = ("en", "de")
"""The languages of `pianist.lesson_languages`, here so that `--help` need not load it."""


def add_verb(
    verbs: Verbs, name: str, run: Callable[[Given], None], words: str, example: str
) -> argparse.ArgumentParser:
    """One verb: its words, its example, and the function it runs."""
    verb: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=words,
        description=f"{words[0].upper()}{words[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.set_defaults(run=run, misused=verb.error)
    verb.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return verb


def add_score(verb: argparse.ArgumentParser) -> None:
    """SCORE, and whether to read it leniently."""
    verb.add_argument("score", metavar="SCORE", help="a score file, or a piece on the shelf")
    verb.add_argument(
        "--lenient", action="store_true", help="read what can be read, say what was left out"
    )


def add_out(verb: argparse.ArgumentParser, kinds: str, *, required: bool = False) -> None:
    """`-o FILE`, as often as one likes."""
    verb.add_argument(
        "-o",
        dest="out",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        required=required,
        help=f"write {kinds}; repeats",
    )


def add_sounding(verb: argparse.ArgumentParser, *, hall: bool = True) -> None:
    """`--instrument` and, where sound is written, `--hall`."""
    verb.add_argument(
        "--instrument",
        metavar="NAME",
        default="",
        help="modelled, salamander (the default once installed), or a soundfont (.sf2, .sf3)",
    )
    if hall:
        verb.add_argument("--hall", metavar="NAME", default="dry", help=HALLS)


def factor(text: str) -> float:
    """A tempo factor."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from None
    if not 0.1 <= value <= 10:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.1 and 10")
    return value


def seed(text: str) -> int:
    """A whole number from 0 on."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 on")
    return int(text)


HANDS_CM = {"small": 19.0, "medium": 21.0, "large": 23.0}
"""The hands of `studying.HANDS_CM`, here so that `--help` need not load them."""


def span_cm(text: str) -> float:
    """A hand by its name or by its span in centimetres, from thumb to little finger."""
    if text in HANDS_CM:
        return HANDS_CM[text]
    try:
        value = float(text.removesuffix("cm").strip())
    except ValueError:
        value = 0.0
    if not 12.0 <= value <= 32.0:
        words = f"{text!r} is neither {', '.join(HANDS_CM)} nor a span from 12 to 32 (cm)"
        raise argparse.ArgumentTypeError(words)
    return value


def bars(text: str) -> tuple[str, str]:
    """`9-12` or `9` as the first and last bar."""
    first, dash, last = text.partition("-")
    if not first or (dash and not last):
        raise argparse.ArgumentTypeError(f"{text!r} is not like 9-12")
    return first, last or first
