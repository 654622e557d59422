"""A string is damped when its key and the pedal are up."""

from __future__ import annotations

from valentin.music import PedalEvent, Performance, PerformedNote, damped_s


def test_the_pedal_holds_what_it_catches() -> None:
    notes = tuple(
        PerformedNote(name, "P1", on, off, 60, 64)
        for name, on, off in (("a", 0.0, 0.5), ("b", 0.5, 1.5), ("c", 2.0, 2.2), ("d", 3.0, 3.2))
    )
    pedal = (
        PedalEvent(0.2, "sustain", 127), PedalEvent(1.0, "sustain", 20),
        PedalEvent(1.1, "soft", 127), PedalEvent(3.1, "sustain", 100),
    )  # fmt: skip
    assert damped_s(Performance(notes, pedal)) == (1.0, 1.5, 2.2, 3.2)


def test_without_a_pedal_it_is_the_key() -> None:
    note = PerformedNote("a", "P1", 0.0, 0.5, 60, 64)
    assert damped_s(Performance((note,))) == (0.5,)
