"""Guide a first listener: Score + Structure + Performance → beats and a few Cues.

**Conventions.** At most eight cues of at most twelve words, each a computed fact about this
performance with the numbers that it rests on. Notes that no score note explains are heard, but
nothing is said of them.

**Knows nothing of** pages, sound, how the performance came about.
"""

from __future__ import annotations

from valentin.catalogue import catalogue, languages
from valentin.guiding.breathing import beats_between, breath, freest_bar
from valentin.guiding.cards import read_card
from valentin.guiding.choosing import chosen
from valentin.guiding.course import course_of
from valentin.guiding.editing import cues_toml, edited
from valentin.guiding.returning import returns
from valentin.guiding.standing_out import standouts
from valentin.guiding.timing import timings
from valentin.guiding.turning import turns
from valentin.guiding.wording import worded
from valentin.music import Alignment, Beat, Cue, Performance, Score, Structure

__all__ = [
    "beats_between",
    "beats_of",
    "breath",
    "cues_toml",
    "edited",
    "freest_bar",
    "guide",
    "listening_languages",
    "read_card",
]


def guide(
    score: Score,
    structure: Structure,
    performance: Performance,
    alignment: Alignment,
    *,
    language: str = "en",
) -> tuple[Cue, ...]:
    """What to listen for, in the order of time.

    Raises ValueError for a language that has no catalogue.
    """
    words = catalogue("listening", language)
    course = course_of(score, structure, performance, alignment)
    if not course.notes:
        return ()
    facts = [
        *returns(score, structure, course),
        *turns(score, structure, course),
        *timings(score, performance, course),
        *standouts(course),
    ]
    return worded(words, chosen(facts, performance.end_s))


def beats_of(
    score: Score, structure: Structure, performance: Performance, alignment: Alignment
) -> tuple[Beat, ...]:
    """Every felt beat as it was played."""
    return course_of(score, structure, performance, alignment).beats


def listening_languages() -> tuple[str, ...]:
    """The languages a listening page can be in."""
    return languages("listening")
