"""Human takes: read from MIDI and match alike, measured as plans and performed again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from valentin.music import unfold
from valentin.reading import read_match, read_score, read_take, write_match, write_midi

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not os.environ.get("VALENTIN_DATA"), reason="VALENTIN_DATA names no development data"
    ),
]

if os.environ.get("VALENTIN_DATA"):
    from bench.common import sampled, takes
    from bench.performing import round_trip

    TAKES = sampled(takes(), 14, seed=5)
else:
    TAKES = ()


@pytest.mark.parametrize("take", TAKES[:8], ids=lambda take: take.name)
def test_a_take_comes_back_through_its_plan(take) -> None:  # type: ignore[no-untyped-def]
    trip = round_trip(take, unfold(read_score(take.score)[0]))
    assert trip.onset_ms < 1.0
    assert trip.offset_ms < 1.0
    assert trip.velocities_changed == 0
    assert trip.pedals_changed == 0


@pytest.mark.parametrize("take", TAKES, ids=lambda take: take.name)
def test_midi_and_match_tell_the_same_take(take, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The match files were made from the MIDI files, with times rounded to 1/960 s."""
    played, (aligned, _) = read_take(take.performance), read_match(take.match)
    times = {(round(n.onset_s * 50), n.pitch, n.velocity) for n in played.notes}
    near = [
        any((round(n.onset_s * 50) + d, n.pitch, n.velocity) in times for d in (-1, 0, 1))
        for n in aligned.notes
    ]
    assert sum(near) >= 0.995 * len(near)
    assert [e.value for e in played.pedal if e.control == "sustain"] == [
        e.value for e in aligned.pedal if e.control == "sustain"
    ]
    write_midi(played, tmp_path / "x.mid")
    again = read_take(tmp_path / "x.mid")
    assert [(n.pitch, n.velocity) for n in again.notes] == [
        (n.pitch, n.velocity) for n in played.notes
    ]
    assert (
        max(abs(a.onset_s - b.onset_s) for a, b in zip(again.notes, played.notes, strict=True))
        < 1e-4
    )


@pytest.mark.parametrize("take", TAKES[:3], ids=lambda take: take.name)
def test_a_match_file_that_we_write_is_the_one_we_read(take, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    score = unfold(read_score(take.score)[0])
    performance, alignment = read_match(take.match)
    path = tmp_path / take.match.name
    write_match(score, performance, alignment, path)
    again, found = read_match(path)
    assert again == performance
    assert set(found.matches) == set(alignment.matches)
    assert {m.performed_id for m in found.extra} == {m.performed_id for m in alignment.extra}
    assert {m.score_id for m in alignment.missed} <= {m.score_id for m in found.missed}
