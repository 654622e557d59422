"""A take heard from a recording: its pedal is a guess, nothing is said of it, and that is told."""

from dataclasses import replace

from tests.unit.judging.small_take import SCORE, SPREAD, STRUCTURE, Take, fine_take, played

from valentin.judging import judge
from valentin.music import Findings
from valentin.teaching import compose

FINE = fine_take()
SMEARED = replace(FINE, pedal_q=(*FINE.pedal_q[:4], (16.2, 31.9), *FINE.pedal_q[8:]))


def judged(take: Take, *, by_ear: bool) -> Findings:
    performance, alignment = played(take)
    heard = replace(performance, by_ear=by_ear)
    return judge(SCORE, STRUCTURE, heard, alignment, (take.plan,), SPREAD)


def test_of_the_pedal_nothing_is_said_from_a_recording() -> None:
    by_keys, by_ear = (judged(SMEARED, by_ear=by_ear) for by_ear in (False, True))
    assert "pedal" in {f.dimension for f in by_keys.findings}
    assert "pedal" not in {f.dimension for f in by_ear.findings}
    others = [f for f in by_keys.findings if f.dimension not in ("pedal", "notes")]
    assert [f for f in by_ear.findings if f.dimension != "notes"] == others
    assert by_keys.heard.pedalled
    assert not by_ear.heard.pedalled


def test_the_lesson_says_that_it_was_heard_and_not_read() -> None:
    said = {by_ear: compose(judged(FINE, by_ear=by_ear)).strengths for by_ear in (False, True)}
    assert [line for line in said[True] if "recording" in line]
    assert not [line for line in said[False] if "recording" in line]
