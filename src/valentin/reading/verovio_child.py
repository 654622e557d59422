"""The one place that holds a Verovio toolkit: a program run in a process of its own.

In: the music on standard input (UTF-8), the format's name as the first argument, the limits in
bytes of memory and seconds of processor as the second and third. Out: MEI on standard output.

**Conventions.** Exit 0 with MEI, 3 where Verovio refuses the file, 4 where memory ran out; any
other end (it can abort) is the parent's to report. It imports nothing of `valentin`, so that it
starts in a tenth of a second.

**Knows nothing of** scores, paths, errors.
"""

from __future__ import annotations

import os
import sys

REFUSED, NO_MEMORY = 3, 4

LARGEST_CHARACTERS = 256 << 20
"""No engraving comes near it: ten times the largest of ours would be 100 MB."""

OPTIONS = {
    "xmlIdChecksum": True,  # ids that the source lacks follow from its content, not from chance
    "expandAlways": False,  # the score as written
    "breaks": "none",  # no layout: 0.5 s instead of 1.3 s on Chopin's first Ballade
    "outputFormatRaw": True,
}


def limit(memory_bytes: int, processor_s: int) -> None:
    """Ask the system to end this process where it goes beyond its bounds."""
    try:
        import resource
    except ImportError:  # a system without it (Windows): the parent's clock is the only bound
        return
    resource.setrlimit(resource.RLIMIT_CPU, (processor_s, processor_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def convert(text: str, format_name: str) -> str | None:
    """The MEI of a score, None where Verovio refuses it."""
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(OPTIONS)
    toolkit.setInputFrom(format_name)
    if not toolkit.loadData(text):
        return None
    return str(toolkit.getMEI({"removeIds": False}))


def main() -> int:
    """Read, convert, write; whatever libraries print goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    limit(int(sys.argv[2]), int(sys.argv[3]))
    try:
        mei = convert(sys.stdin.buffer.read().decode("utf-8"), sys.argv[1])
    except MemoryError:
        return NO_MEMORY
    if mei is None:
        return REFUSED
    if len(mei) > LARGEST_CHARACTERS:
        return NO_MEMORY
    with out:
        out.write(mei)
    return 0


if __name__ == "__main__":
    sys.exit(main())
