"""What is kept of one take, from a real sitting: bars, time and issues; and what was meant."""

from dataclasses import replace

import pytest

from valentin import pianist
from valentin.music import Findings, Meant, Performance
from valentin.practising import silenced
from valentin.practising.placing import covers, overlap


@pytest.fixture(scope="module")
def sitting() -> pianist.Sitting:
    """The nocturne's student take, with its planted faults."""
    piece = pianist.piece("chopin-op9-2")
    score, _ = pianist.read_score(piece.score)
    return pianist.teach(score, pianist.read_take(piece.takes[0]))


def test_every_bar_that_was_reached_is_there_with_its_time(sitting: pianist.Sitting) -> None:
    came = pianist.practised(sitting)
    assert came.judged
    names = [bar.bar for bar in came.bars]
    assert len(names) == len(set(names))
    assert set(names) <= {bar.number for bar in sitting.score.bars}
    assert sum(bar.notes for bar in came.bars) == sum(s.notes for s in sitting.findings.secure)
    spent = sum(bar.time_s for bar in came.bars)
    assert 0.9 * sitting.take.end_s < spent <= sitting.take.end_s
    assert all(bar.right <= bar.notes for bar in came.bars)


def test_every_remark_of_the_lesson_is_there_by_its_number(sitting: pianist.Sitting) -> None:
    said = {i.remark: i for i in pianist.practised(sitting).issues if i.remark}
    assert len(said) == len(sitting.lesson.remarks) > 0
    for number, remark in enumerate(sitting.lesson.remarks, start=1):
        assert (said[number].words, said[number].bars) == (remark.words, remark.finding.bars)


def test_a_take_that_is_refused_has_no_bars(sitting: pianist.Sitting) -> None:
    score, _ = pianist.read_score(pianist.piece("petzold-anh114").score)
    refused = pianist.practised(pianist.teach(score, sitting.take))
    assert (refused.judged, refused.bars, refused.issues) == (False, (), ())
    nothing = pianist.practised(pianist.teach(score, Performance(())))
    assert (nothing.judged, nothing.duration_s) == (False, 0.0)


def test_what_was_meant_is_not_said_again_and_nothing_else_is_lost(
    sitting: pianist.Sitting,
) -> None:
    music = [f for f in sitting.findings.findings if f.dimension != "notes"]
    issue = next(f for f in music if f.kind == "issue")
    left = silenced(sitting.findings, (Meant(issue.measure, issue.bars),))
    assert issue not in left.findings
    gone = set(sitting.findings.findings) - set(left.findings)
    assert all(f.measure == issue.measure and overlap(f.bars, issue.bars) for f in gone)


def test_strengths_and_wrong_notes_are_never_silenced(sitting: pianist.Sitting) -> None:
    some = sitting.findings.findings[0]
    kept = tuple(
        replace(some, kind=kind, dimension=dimension)
        for kind, dimension in (("strength", "tempo"), ("issue", "notes"), ("unusual", "notes"))
    )
    all_of_it = Meant(some.measure, ("0", "999"))
    findings = Findings(sitting.findings.heard, findings=(*kept, replace(some, dimension="tempo")))
    assert silenced(findings, (all_of_it,)).findings == kept


def test_stretches_of_bars() -> None:
    assert overlap(("1", "4"), ("4", "8"))
    assert not overlap(("1", "4"), ("5", "8"))
    assert overlap(("30", "2"), ("8", "9"))  # over a repeat, the other way round
    assert overlap(("12", "12a"), ("12a", "13"))
    assert covers(("9", "12"), "10")
    assert not covers(("9", "12"), "100")
