"""Bounds on what is read: bytes of a file, notes and length of a take.

**Conventions.** A bound is far beyond what any pianist needs; what is beyond it would only hold the
machine for minutes. A pipe or a device that never ends is read up to the bound.

**Knows nothing of** what the bytes say.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from valentin.errors import ReadError

__all__ = ["MOST_NOTES", "MOST_QUARTERS", "bytes_of", "unplayable"]

LONGEST_S = 4 * 3600.0
"""Twice a recital; a damaged file may claim years."""
MOST_NOTES = 100_000
"""A recital of two hours has half as many (eight notes a second)."""
MOST_QUARTERS = 50_000
"""Eight hours at 100 a minute, repeats written out; a damaged file may be longer."""
MOST_A_SECOND = 300
"""Three times a glissando of both hands over all white keys in one second."""


def bytes_of(path: Path, most: int) -> bytes:
    """All that is in a file. Raises ReadError where that is more than `most` or cannot be had."""
    try:
        with path.open("rb") as flow:
            data = flow.read(most + 1)
    except FileNotFoundError as error:
        raise _error(path, "there is no such file", "check the name") from error
    except IsADirectoryError as error:
        raise _error(path, "that is a folder", "give the name of a file") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _error(path, f"it cannot be opened ({reason})", "check its permissions") from error
    if len(data) > most:
        found = f"it has more than {most >> 20} MB"
        raise _error(path, found, "give one piece, not a collection")
    return data


def unplayable(onsets: Sequence[float], offsets: Sequence[float]) -> str:
    """What is beyond any take, and what to do; "" where nothing is."""
    if len(onsets) > MOST_NOTES:
        return f"it holds {len(onsets)} notes, more than a recital; give one piece at a time"
    if max(offsets) > LONGEST_S:
        hours = max(offsets) / 3600
        return (
            f"the last note ends after {hours:.1f} hours, and {LONGEST_S / 3600:.0f} are read; "
            "cut out the piece you mean"
        )
    times = sorted(onsets)
    if any(b - a < 1.0 for a, b in zip(times, times[MOST_A_SECOND:], strict=False)):
        found = f"more than {MOST_A_SECOND} notes begin within one second"
        return f"{found}, which no hands play; give the recording of a performance"
    return ""


def _error(path: Path, found: str, do: str) -> ReadError:
    return ReadError(f"Reading `{path.name}`: {found}; {do}.", path=str(path))
