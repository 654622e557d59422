"""Write `docs/reference/numbers.md` from the results: the latest value of every measure.

In: `bench/results/*.json`. Out: one table a bench. Run: `python -m bench.numbers`.

**Conventions.** A row shows our mean over works with its 95 % interval, the median, the worst work,
what others reach (quoted from the literature or measured on other pieces) and our target.

**Knows nothing of** how anything was measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.common import Row, read_results

__all__ = ["page"]

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "numbers.md"

HEAD = """# Numbers

Made by `python -m bench.numbers` from `bench/results`; do not edit by hand. Each table comes from
`python -m bench.NAME`, whose first lines say what is measured.

**The reference machine** has two CPU cores, 24 GiB of memory and no GPU; every time and speed here
was taken on it, on one core unless the row says otherwise.

Means are over works, each work weighing the same; the interval is 95 %, bootstrapped over works.
*Others* were measured or read in November 2026, some on other pieces than ours. A value's commit
ends in `+` where the sources had changes not yet committed.
"""

TITLES = {
    "playing": (
        "Playing",
        "Pearson's r to each human take of the same piece, and the SD of the rendering over the "
        "mean SD of the humans, on works of the `valid` split or on all robust works. *Others* for "
        "a performer: score MIDI / VirtuosoNet HAN-BL / Pianist Transformer; for the humans, the "
        "value quoted for `valid`.",
    ),
    "playing_folds": (
        "Playing, every work",
        "As above on all robust works, in five folds by work, each played by weights that have not "
        "seen it and were trained more lightly than the package's.",
    ),
    "pedalling": (
        "Pedalling",
        "Our damper pedal against that of each human take which has one, in that take's seconds; "
        "an onset is found within 0.1 s.",
    ),
    "characters": (
        "Characters",
        "Of all moves that a word promises, the share that goes its way on the repertoire.",
    ),
    "performing": ("Performing", "Human takes measured as plans and performed again."),
    "aligning": ("Aligning", "F1 of pairs (score note, performed note), no time tolerance."),
    "practice": ("Practising", "Ten ways people practise, made by another hand: F1 of pairs."),
    "studio_load": (
        "The studio under load",
        "Pages at 50 requests a second, alone and while something is rendered.",
    ),
    "studio": ("The studio", "From the press to the sound, and the cursor against the clock."),
    "stumbling": ("Stumbling", "Short restarts found, and wrong pieces believed."),
    "hearing": (
        "Hearing",
        "Real recordings (`maps`), and our own renditions of `valid` takes with 5 % planted "
        "mistakes, clean and through a phone in a living room; without a score and with one. The "
        "first minute of each.",
    ),
    "hearing_refusing": (
        "Hearing: what is refused",
        "Clips of 12 s, as they are heard. The limits were chosen on other clips: other minutes of "
        "the same real recordings, other programs of the same bank.",
    ),
    "hearing_hour": (
        "Hearing: how fast, and in how much memory",
        "Real recordings and renditions at one go, n tells the seconds; the clock's figure is "
        "of a busy machine.",
    ),
    "hearing_stiffness": (
        "Hearing: stiff strings",
        "Such clips, the network not asked: whether partials are stretched as a piano's, looked at "
        "where the true keys were struck.",
    ),
    "hearing_truth": ("Hearing: whose scatter", "Onsets of the real recordings that stand alone."),
    "hearing_doubts": (
        "Hearing: beliefs",
        "What would be told with other beliefs than those that ship, on `train` takes.",
    ),
    "sounding": ("Sound", "The modelled piano."),
    "teaching": ("Teaching", "Planted faults found, and false issues on clean takes."),
    "demonstrating": (
        "Demonstrating",
        "Every remark's *as it could be* performed, measured and judged again: whether what it "
        "names moved towards what is expected, and whether its bars begin and end where they did.",
    ),
    "reading": ("Reading", "Scores compared with independent counts."),
    "first_sound": (
        "First sound",
        "From the command to the first block of samples, in seconds of processor.",
    ),
    "fingering": (
        "Fingering",
        "Suggested fingers against the few printed in the nocturnes: too few to claim anything.",
    ),
    "melody": ("Melody", "Which note of a chord pianists play loudest."),
    "keeping": (
        "Keeping",
        "Answers of the studio when much is kept, in milliseconds of processor time.",
    ),
    "listening_pages": (
        "Listening pages",
        "The 19 nocturnes and 10 Debussy pieces; pages looked at in a browser as on a telephone.",
    ),
    "fuzzing": ("Damaged files", "Files of every format after one to six accidents."),
}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for name, rows in _latest() for line in _table(name, rows))])


def _latest() -> Iterator[tuple[str, list[tuple[str, str, Row]]]]:
    """Each bench with the last value of every row, in the order of first appearance."""
    results = read_results()
    order = [*(n for n in TITLES if n in results), *(n for n in results if n not in TITLES)]
    for name in order:
        last: dict[str, tuple[str, str, Row]] = {}
        for date, commit, row in results[name]:
            last[row.name] = (date, commit, row)
        yield name, list(last.values())


def _table(name: str, rows: list[tuple[str, str, Row]]) -> Iterator[str]:
    title, words = TITLES.get(name, (name.capitalize(), ""))
    yield f"## {title}\n"
    yield f"`python -m bench.{name}`. {words}\n"
    yield "| Measure | Ours | 95 % | Median | Worst | n | Others | Target | Measured |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for date, commit, row in rows:
        interval = "" if row.low is None else f"{_number(row.low)} … {_number(row.high)}"
        worst = "" if row.worst is None else f"{_number(row.worst)} {_place(row.worst_at)}"
        count = f"{row.n} {row.of}" if row.n else ""
        ours = f"**{_number(row.value)}**{' ' + row.unit if row.unit else ''}"
        cells = [row.name, ours, interval, _number(row.median), worst, count]
        cells += [row.others, row.target, f"{date} {commit}"]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def _number(value: float | None) -> str:
    """Three figures, as many as the intervals bear."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _place(text: str) -> str:
    return f"({text})" if text else ""


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
