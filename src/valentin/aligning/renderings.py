"""Which repeats were taken: the visits of a take become a way through the sections.

In: the score's written order of sections and the visits, in the order played. Out: a `Course`: the
sections in the order in which they count as played, and for each visit its place in that course.

**Conventions.** A visit that flowed out of the one before goes on along the course; a jump into a
section heard before is a restart in its latest rendering. What was jumped over is completed as
written. A section is never rendered more often than written: playing it once more is practice.

**Knows nothing of** notes.
"""

from __future__ import annotations

from dataclasses import dataclass

from valentin.aligning.runs import Visit

__all__ = ["Course", "course_of"]


@dataclass(frozen=True, slots=True)
class Course:
    """`sections` in the order played; `place[i]` says which of them visit i was."""

    sections: tuple[int, ...]
    place: tuple[int, ...]

    def rendering(self, place: int) -> int:
        """The K of the note ids at this place of the course."""
        return self.sections[: place + 1].count(self.sections[place])


def course_of(order: tuple[int, ...], visits: list[Visit]) -> Course:
    """The course that these visits make of the written order."""
    way = _Way(order)
    places = [way.go(visit) for visit in visits]
    way.complete()
    return Course(tuple(way.sections), tuple(places))


class _Way:
    """The course while it grows: `at` is where the player is, `written` where its end lies in the
    written order."""

    def __init__(self, order: tuple[int, ...]) -> None:
        self.order = order
        self.sections: list[int] = []
        self.written = -1
        self.at = -1

    def go(self, visit: Visit) -> int:
        here = self.sections[self.at] if self.at >= 0 else -1
        if visit.flowed and self.at >= 0:
            self.at = self._flow(here, visit.section)
        elif visit.section != here:
            self.at = self._jump(visit.section)
        return self.at

    def _flow(self, here: int, section: int) -> int:
        if self.at + 1 < len(self.sections):
            onward = [i + 1 for i in range(len(self.sections) - 1) if self._pair(i, here, section)]
            later = [i for i in onward if i > self.at]
            if onward:
                return later[0] if later else onward[-1]
            return self._jump(section)
        for k in range(max(self.written + 1, 1), len(self.order)):
            if self.order[k - 1] == here and self.order[k] == section:
                return self._append(section, k)
        return self._jump(section)

    def _pair(self, i: int, first: int, second: int) -> bool:
        return self.sections[i] == first and self.sections[i + 1] == second

    def _jump(self, section: int) -> int:
        if section in self.sections:
            return len(self.sections) - 1 - self.sections[::-1].index(section)
        for k in range(self.written + 1, len(self.order)):
            if self.order[k] == section:
                between = list(self.order[self.written + 1 : k])
                while between and between[0] in self.sections:
                    between.pop(0)
                self.sections += between
                return self._append(section, k)
        return self._append(section, self.written)

    def _append(self, section: int, written: int) -> int:
        self.sections.append(section)
        self.written = written
        return len(self.sections) - 1

    def complete(self) -> None:
        """What the written order has after the end, where any of it is new."""
        rest = list(self.order[self.written + 1 :])
        while rest and rest[0] in self.sections:
            rest.pop(0)
        self.sections += rest
