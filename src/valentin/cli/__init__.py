"""The command line: verbs → `pianist`. One verb, one function.

**Conventions.** A bad input is one line on standard error and exit 1; a misused command is exit 2;
`--debug` shows the traceback. Progress bars appear only where a terminal watches.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from valentin import __version__
from valentin.cli.desk import hush
from valentin.cli.following import add_accompany, add_follow
from valentin.cli.hearing import add_hear
from valentin.cli.listening import add_listen
from valentin.cli.playing import add_instrument, add_play, add_sound, add_warm
from valentin.cli.rooms import add_studio
from valentin.cli.scores import add_show
from valentin.cli.shelf import add_shelf
from valentin.cli.taking import add_align, add_compare, add_teach
from valentin.errors import ValentinError

__all__ = ["main"]

DESCRIPTION = "A concert pianist and piano teacher: plays scores, aligns takes, gives lessons."
EPILOG = """\
SCORE is MusicXML, MXL, MEI, Humdrum, a score MIDI, or the name of a piece on the shelf
(`valentin show` lists them). TAKE is a MIDI file or a
recording of a piano. `-` is standard input.

examples:
  valentin play chopin-op9-2 -o nocturne.mp3
  valentin teach chopin-op9-2 my-take.mid -o lesson.html
  valentin listen chopin-op9-2 -o to-send.html
  valentin studio
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; return the exit status (0 done, 1 bad input, 2 misused)."""
    parser = _parser()
    given = parser.parse_args(argv)
    try:
        with _cleared_up():
            given.run(given)
    except ValentinError as error:
        if given.debug:
            raise
        sys.stderr.write(f"valentin: {' '.join(str(error).split())}\n")
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough
        hush()
    except KeyboardInterrupt:
        sys.stderr.write("valentin: stopped; nothing half-written was left.\n")
        return 130
    return 0


@contextmanager
def _cleared_up() -> Iterator[None]:
    """A verb that the system ends (TERM, HUP) removes what it has half written, as after Ctrl-C."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    ends = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ours = [end for end in ends if signal.getsignal(end) == signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        ours = []  # only there may signals be told what to do
    for end in ours:
        signal.signal(end, leave)
    try:
        yield
    finally:
        for end in ours:
            signal.signal(end, signal.SIG_DFL)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="valentin",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"valentin {__version__}")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")
    for add in (
        add_play, add_sound, add_align, add_follow, add_accompany, add_teach, add_compare,
        add_show, add_shelf, add_studio, add_instrument, add_listen, add_hear, add_warm,
    ):  # fmt: skip
        add(verbs)
    return parser
