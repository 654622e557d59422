"""Hearing: real recordings and our own renditions, heard without a score and with one.

In: the ten real recordings of `maps-dev`; the first seconds of one take of each `valid` work, with
planted mistakes, sounded on the modelled grand, clean and through a phone. Out: rows of
`bench/results/hearing.json`.

Run: `python -m bench.hearing maps|rendered|phone|informed [--takes 12] [--seconds 60]
[--work FOLDER]`. Hearing takes about half as long as the music on two free cores; what was heard is
kept in the work folder, `informed` uses what the other three heard.

**Conventions.** Metrics as in `hearing_metrics`, mistakes as in `hearing_planting`, what counts as
false as in `hearing_informed`. Thresholds were chosen on `train` takes and on Debussy's "Clair de
lune" of `maps-dev` (`bench.hearing_doubts`), which `informed` therefore leaves out.

**Knows nothing of** how hearing is done.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import soundfile

from bench.common import Row, across_works, asap_folder, record
from bench.hearing_informed import Told, as_planted, told
from bench.hearing_metrics import Counts, Scored, score_hearing
from bench.hearing_recordings import Chain, Recording, chosen, kept, maps, rendition
from valentin import pianist
from valentin.hearing import Heard, heard
from valentin.music import Audio, Performance
from valentin.reading import read_score

__all__ = ["first_of", "listened"]

ONSET_TARGETS = {"maps": "≥ .95", "rendered": "≥ .98", "phone": "≥ .97"}
OTHERS = {"maps": "Transkun .946", "rendered": "Transkun .980", "phone": "Transkun .971"}
"""On other takes (`measures.md`)."""
SCORES = {"chpn-e01": "Chopin/Etudes_op_10/1/xml_score.musicxml"}
"""Real recordings whose score is at hand, by title."""
ROUND = 200


def listened(recording: Recording, seconds: float, folder: Path) -> Heard:
    """The first seconds of a recording, heard now or before."""

    def make() -> Heard:
        rate_hz = soundfile.info(recording.path).samplerate
        samples, _ = soundfile.read(
            recording.path, round(seconds * rate_hz), dtype="float32", always_2d=True
        )
        return heard(Audio(samples, rate_hz))

    return kept(folder, f"heard-{recording.name}-{seconds:.0f}", make)


def _recordings(mode: str, count: int, seconds: float, folder: Path) -> list[Recording]:
    if mode == "maps":
        return [first_of(recording, seconds) for recording in maps()]
    chain: Chain = "clean" if mode == "rendered" else "phone"
    return [rendition(take, seconds, chain, folder) for take in chosen("valid", count)]


def first_of(recording: Recording, seconds: float) -> Recording:
    """A real recording with the truth of its first seconds."""
    notes = tuple(note for note in recording.struck.notes if note.onset_s < seconds)
    struck = Performance(notes, recording.struck.pedal, recording.struck.source)
    return Recording(recording.name, recording.work, recording.path, struck)


def _rows(mode: str, results: dict[str, Scored]) -> list[Row]:
    def row(name: str, of: Callable[[Scored], float], unit: str = "", target: str = "") -> Row:
        values = {work: of(scored) for work, scored in results.items()}
        higher = name not in ("onset SD", "velocity MAE", "onset shift")
        return across_works(
            f"{mode}: {name}", values, unit=unit, higher_is_better=higher, target=target
        )

    onset = across_works(
        f"{mode}: onset F",
        {work: scored.onsets.f1 for work, scored in results.items()},
        others=OTHERS[mode],
        target=ONSET_TARGETS[mode],
    )
    rows = [
        onset,
        row("onset precision", lambda s: s.onsets.precision),
        row("onset recall", lambda s: s.onsets.recall),
        row("onset SD", lambda s: 1000 * s.onset_sd_s, "ms", "≤ 4"),
        row("onset shift", lambda s: 1000 * s.shift_s, "ms"),
        row("velocity r", lambda s: s.velocity_r, target="≥ .85"),
        row("velocity MAE", lambda s: s.velocity_mae, target="≤ 5"),
    ]
    if mode == "maps":
        return rows  # its truth has neither pedal nor the ends of keys
    return [
        *rows,
        row("onset and offset F", lambda s: s.both_ends.f1),
        row("pedal frame F", lambda s: s.pedal_frames.f1),
        row("pedal onset F", lambda s: s.pedal_onsets.f1, target="≥ .75"),
    ]


def _heard_alone(mode: str, count: int, seconds: float, folder: Path) -> list[Row]:
    results = {}
    for recording in _recordings(mode, count, seconds, folder):
        take = listened(recording, seconds, folder).performance
        scored = score_hearing(recording.struck, take)
        results[recording.work] = scored
        print(f"{recording.name}: onset F {scored.onsets.f1:.4f}", flush=True)
    return _rows(mode, results)


def _heard_with_score(count: int, seconds: float, folder: Path) -> list[Row]:
    rows: list[Row] = []
    for mode in ("rendered", "phone", "maps"):
        before, after = {}, {}
        for recording in _recordings(mode, count, seconds, folder):
            if mode == "maps" and recording.name not in SCORES:
                continue
            truth = recording.planted
            if truth is None:
                score, _ = read_score(asap_folder() / SCORES[recording.name], lenient=True)
                truth = as_planted(score, recording.struck)
            ears = listened(recording, seconds, folder)
            plain = pianist.align(truth.score, ears.performance)
            better = pianist.attend(truth.score, ears)
            before[recording.work] = told(truth, plain.performance, plain.alignment)
            after[recording.work] = told(truth, better.performance, better.alignment)
        rows += _told_rows(f"{mode}, no score in the ear", before, False)
        rows += _told_rows(f"{mode}, with the score", after, True)
    return rows


def _told_rows(tag: str, results: dict[str, Told], ours: bool) -> list[Row]:
    all_of = sum(results.values(), Told(Counts()))
    notes = all_of.onsets.struck
    targets = ("≥ .99", "≤ 1", "≥ .90") if ours else ("", "", "")
    rows = [
        across_works(
            f"{tag}: onset F", {w: t.onsets.f1 for w, t in results.items()}, target=targets[0]
        )
    ]
    false = all_of.in_200(all_of.ghosts + all_of.misplaced)
    rows.append(Row(f"{tag}: false wrong notes in {ROUND}", false, n=notes, of="notes",
                    target=targets[1]))  # fmt: skip
    for name, count in (
        ("of which not struck at all", all_of.ghosts),
        ("false omissions", all_of.false_missed),
        ("unsure", all_of.unsure),
    ):
        rows.append(Row(f"{tag}: {name} in {ROUND}", all_of.in_200(count), n=notes, of="notes"))
    if all_of.planted:
        share = all_of.found / all_of.planted
        rows.append(Row(f"{tag}: planted wrong notes told", share, n=all_of.planted, of="keys",
                        target=targets[2]))  # fmt: skip
        share = all_of.noticed / max(all_of.left_out, 1)
        rows.append(Row(f"{tag}: planted omissions told", share, n=all_of.left_out, of="notes"))
    return rows


def _main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench.hearing")
    parser.add_argument("mode", choices=["maps", "rendered", "phone", "informed"])
    parser.add_argument("--takes", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "valentin-hearing"
    )
    given = parser.parse_args(arguments)
    size = given.takes, given.seconds, given.work
    informed = given.mode == "informed"
    rows = _heard_with_score(*size) if informed else _heard_alone(given.mode, *size)
    print(f"the first {given.seconds:.0f} s of each recording")
    record("hearing", rows)


if __name__ == "__main__":
    _main()
