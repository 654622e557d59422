"""What flows in and out of a verb: files, pipes, words on the terminal, progress.

**Conventions.** Results go to standard output, progress and errors to standard error. A misuse is
told before any work is done; nothing is half-written.

**Knows nothing of** verbs.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from valentin.cli.arguments import Given
from valentin.errors import DeviceError
from valentin.files import written

if TYPE_CHECKING:
    from valentin.music import Excerpt, Performance, Score
    from valentin.pianist import Rendition

__all__ = [
    "aligned", "hush", "listened", "local", "note", "outputs_of", "progress_bar", "record", "say",
    "score_and_take", "take_of", "write_text",
]  # fmt: skip

LONG_S = 20.0
"""Seconds of a recording from which it is said, where no bar can be seen, that it is heard."""
MOST_FLOWING = (64 << 20) + 1
"""Bytes taken from a pipe: one more than any reader takes."""
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal obeys instead of showing."""
_SUFFIX = re.compile(r"\.[a-zA-Z]\w*$")
"""What a file ends in, and no "op. 9 no. 2" does."""


def outputs_of(given: Given, suffixes: set[str]) -> list[Path]:
    """The -o paths; a misuse is told before any work is done."""
    named = (vars(given).get(key) for key in ("score", "take", "other"))
    read = {Path(name) for name in named if name}
    for path in given.out:
        if path.suffix.lower() not in suffixes:
            known = ", ".join(sorted(suffixes))
            given.misused(f"writing `{path}`: unknown kind of file; choose one of {known}")
        if path in read or given.out.count(path) > 1:
            given.misused(f"`{path}` is read or written already; give another name after -o")
    outputs: list[Path] = given.out
    return outputs


def score_and_take(given: Given) -> tuple[Score, Performance]:
    """Read both files of a verb that compares them."""
    from valentin import pianist

    with local(given.score, shelf=True) as score_path, local(given.take) as take_path:
        score, _ = pianist.read_score(score_path, lenient=given.lenient)
        return score, take_of(take_path)


def take_of(path: Path) -> Performance:
    """A take, from keys or from a recording."""
    from valentin import pianist

    if path.suffix.lower() not in pianist.RECORDING_SUFFIXES:
        return pianist.read_take(path)
    performance: Performance = listened(path).performance
    return performance


def aligned(score: Score, path: Path, excerpt: Excerpt | None = None) -> Rendition:
    """A take, from keys or from a recording, laid against the score or an excerpt of it."""
    from valentin import pianist

    if path.suffix.lower() not in pianist.RECORDING_SUFFIXES:
        return pianist.align(score, pianist.read_take(path), excerpt)
    return pianist.attend(score, listened(path), excerpt)


def listened(path: Path) -> Any:
    """What `pianist.listen` hears; where no bar can be seen, that it takes a while is said."""
    from valentin import pianist

    length_s = pianist.recording_s(path)
    if length_s > LONG_S and not sys.stderr.isatty():
        note(f"Listening to {path.name}, {length_s:.0f} seconds of it: this takes a while.")
    with progress_bar(f"Listening to {path.name}") as progress:
        return pianist.listen(path, progress)


@contextmanager
def local(name: str, *, shelf: bool = False) -> Iterator[Path]:
    """A path for an argument: what flows in is copied to a file, a piece is found by name."""
    from valentin import pianist

    path = Path(name)
    if name == "-" or path.is_fifo() or path.is_char_device():
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / ("standard input" if name == "-" else path.name)
            copy.write_bytes(_flowing(None if name == "-" else path))
            yield copy
    elif shelf and not path.exists() and path.name == name and not _SUFFIX.search(name):
        yield pianist.piece(name).score
    else:
        yield path


def _flowing(path: Path | None) -> bytes:
    """What comes through standard input or a pipe, as much of it as a reader may want to refuse."""
    if path is None:
        return sys.stdin.buffer.read(MOST_FLOWING)
    with path.open("rb") as flow:
        return flow.read(MOST_FLOWING)


def record(performance: Performance, path: Path, given: Given) -> None:
    """Write a performance as sound, with a progress bar."""
    from valentin import pianist

    with progress_bar(f"Sounding {path.name}") as progress:
        pianist.write_sound(performance, path, given.instrument, given.hall, progress)


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[float], None]]:
    """A progress bar on standard error, only where a terminal watches."""
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def write_text(path: Path, text: str) -> None:
    """A text beside its place, then renamed."""
    with written(path) as beside:
        beside.write_text(text, encoding="utf-8")


def say(text: str) -> None:
    """Words on standard output, without what would steer a terminal."""
    try:
        sys.stdout.write(_STEERING.sub("", text).rstrip("\n") + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        hush()
        reason = (error.strerror or str(error)).lower()
        raise DeviceError(f"Writing the answer: {reason}; free some or give -o.") from error


def note(text: str) -> None:
    """One line beside the answer, on standard error: what was done, or what could be done next."""
    sys.stderr.write(_STEERING.sub("", text) + "\n")


def hush() -> None:
    """Nothing more can be said on standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
