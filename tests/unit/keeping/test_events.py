"""Events: only what can be played gets in, and what gets in comes out as it was played."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valentin.errors import TakeError
from valentin.keeping.events import event_of, event_of_line, line_of, performance_of
from valentin.music import KeyEvent

EVENTS = st.builds(
    KeyEvent,
    st.floats(0, 4 * 3600).map(lambda t: round(t, 4)),
    st.sampled_from(["down", "up", "sustain", "soft"]),
    st.integers(0, 127),
    st.integers(1, 127),
)


@given(EVENTS)
def test_a_line_holds_an_event_whole(event: KeyEvent) -> None:
    assert event_of_line(line_of(event)) == event


@pytest.mark.parametrize(
    "row",
    [
        (-0.1, "down", 60, 64), (float("nan"), "down", 60, 64), (1e9, "down", 60, 64),
        ("1", "down", 60, 64), (True, "down", 60, 64), (1, "press", 60, 64), (1, None, 60, 64),
        (1, "down", 128, 64), (1, "down", -1, 64), (1, "down", 60.5, 64), (1, "down", 60, 128),
        (1, "down", True, 64), (1, "down", None, 64), (1, ["down"], 60, 64),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_refused(row: tuple[object, ...]) -> None:
    with pytest.raises(TakeError, match="Taking an event: "):
        event_of(*row)


def test_a_stroke_without_velocity_is_a_release() -> None:
    assert event_of(1, "down", 60, 0).kind == "up"


def test_a_performance_has_every_stroke_once() -> None:
    events = [
        KeyEvent(0.5, "down", 60, 70),
        KeyEvent(0.2, "down", 64, 60),  # arrived late
        KeyEvent(0.4, "sustain", 0, 100),
        KeyEvent(0.9, "down", 60, 80),  # struck again before it was let go
        KeyEvent(1.0, "up", 60, 0),
        KeyEvent(1.1, "up", 61, 0),  # never struck
        KeyEvent(1.2, "soft", 0, 127),
    ]
    played = performance_of(events)
    rows = [(n.id, n.pitch, n.onset_s, n.offset_s, n.velocity) for n in played.notes]
    assert rows == [
        ("p0", 64, 0.2, 1.2, 60), ("p1", 60, 0.5, 0.9, 70), ("p2", 60, 0.9, 1.0, 80)
    ]  # fmt: skip
    assert [(p.time_s, p.control, p.value) for p in played.pedal] == [
        (0.4, "sustain", 100), (1.2, "soft", 127)
    ]  # fmt: skip


@given(st.lists(EVENTS, max_size=60))
def test_any_events_make_a_performance(events: list[KeyEvent]) -> None:
    played = performance_of(events)
    assert len(played.notes) == sum(e.kind == "down" for e in events)
    onsets = [(n.onset_s, n.pitch) for n in played.notes]
    assert onsets == sorted(onsets)
    assert all(n.offset_s >= n.onset_s for n in played.notes)
