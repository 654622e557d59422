"""Several play: pianos on the piano, the rest on a soundfont, together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from valentin.music import Part, PedalEvent, Performance, PerformedNote
from valentin.sounding import rendering, soundfont
from valentin.sounding.engine import BLOCK
from valentin.sounding.orchestra import orchestra_font, parted
from valentin.sounding.raising import DELAY as RAISED

PARTS = (Part("P1", "Violino I"), Part("P2", "Pianoforte"), Part("P3", ""))
NOTES = tuple(
    PerformedNote(f"n{i}", part, 0.5 + 0.1 * i, 1.0, 60 + i, 70)
    for i, part in enumerate(("P1", "P2", "P3", "P1"))
)
TAKE = Performance(NOTES, (PedalEvent(0.0, "sustain", 127),), parts=PARTS)


def test_a_part_without_a_name_is_a_piano_and_the_pedal_is_the_pianos() -> None:
    pianos, others = parted(TAKE)
    assert [n.id for n in pianos.notes] == ["n1", "n2"]
    assert [n.id for n in others.notes] == ["n0", "n3"]
    assert pianos.pedal
    assert not others.pedal


def test_the_variable_names_the_font_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALENTIN_ORCHESTRA", "mine.sf2")
    assert orchestra_font() == "mine.sf2"
    monkeypatch.setenv("VALENTIN_ORCHESTRA", "")
    assert orchestra_font() == ""
    monkeypatch.delenv("VALENTIN_ORCHESTRA")
    monkeypatch.setattr(soundfont, "available", lambda: False)
    assert orchestra_font() == ""


def test_the_orchestra_is_as_late_as_the_piano(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Performance] = []

    def font(take: Performance, path: Path, rate_hz: int, frames: int) -> Iterator[object]:
        heard.append(take)
        yield np.full((2, frames), 0.5, np.float32)

    monkeypatch.setattr(soundfont, "heard", font)
    piano = iter([np.zeros((2, BLOCK), np.float32)] * 2)
    _, others = parted(TAKE)
    blocks = list(rendering._with(piano, others, "x.sf2", 44_100))
    assert blocks[0].max() == 0.5
    assert blocks[1].max() == 0.0, "the piano rings on alone"
    late_s = heard[0].notes[0].onset_s - others.notes[0].onset_s
    assert late_s == pytest.approx(RAISED / 44_100)
