"""Source → MEI text, through Verovio in a child process with limits.

In: a checked `Source`. Out: MEI with the source's own note ids where it has them.

**Conventions.** The child gets a time that grows with the file (a full orchestral score takes
Verovio half a minute) and a bound on memory. Its death, whatever the cause, is a ReadError.

**Knows nothing of** notes and bars.

**Reference.** Verovio, https://www.verovio.org. It aborts the process on many malformed Humdrum
files, which is why it never runs in ours.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from valentin.errors import ReadError
from valentin.reading.source import Source

__all__ = ["engrave"]

CHILD = Path(__file__).with_name("verovio_child.py")
MEMORY_BYTES = 4 << 30
"""Address space; the largest score we hold (a concerto of 1.8 MB) takes 0.8 GB."""
BASE_S = 8.0
"""Processor seconds for any file: a small one that takes longer hangs."""
SECONDS_PER_MB = {"humdrum": 90.0, "musicxml": 6.0, "mei": 6.0}
"""Three times the slowest files: kern 31 s/MB (Chopin op. 11 ii), MusicXML under 1 s/MB."""
PATIENCE = 6.0
"""Seconds by the clock to a processor second, on a machine that is busy with other things."""
_REFUSED, _NO_MEMORY, _SLOW = 3, 4, -24  # -24: ended by SIGXCPU
_DATE = re.compile(r' isodate="[^"]*"')


def engrave(source: Source, path: Path) -> str:
    """The score as MEI, the same text for the same source.

    Raises ReadError where Verovio refuses the file, dies of it, or takes too long.
    """
    data = source.text.encode("utf-8")
    limit_s = BASE_S + SECONDS_PER_MB[source.kind] * len(data) / 1e6
    command = [sys.executable, "-P", str(CHILD), source.kind, str(MEMORY_BYTES), f"{limit_s:.0f}"]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=PATIENCE * limit_s, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _unread(path, source, f"it takes longer than {PATIENCE * limit_s:.0f} s") from error
    if done.returncode == 0 and done.stdout:
        return _DATE.sub("", done.stdout.decode("utf-8"), count=1)
    found = {
        _REFUSED: "nothing in it could be understood",
        _NO_MEMORY: "it needs more memory than a score should",
        _SLOW: f"it takes longer than {limit_s:.0f} s",
    }
    raise _unread(path, source, found.get(done.returncode, "it breaks the reader"))


_TITLES = {"humdrum": "Humdrum", "musicxml": "MusicXML", "mei": "MEI"}


def _unread(path: Path, source: Source, found: str) -> ReadError:
    title = _TITLES[source.kind]
    return ReadError(
        f"Reading `{path.name}`: {found} as {title}; open it in a notation program and export it "
        f"again.",
        path=str(path),
    )
