"""What is laid on a system: behind the music, before it, and in lanes above it.

**Conventions.** Drawing units of the system; lanes are rows of brackets, 0 the nearest.

**Knows nothing of** what the marks mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from valentin.showing.drawing import NoteBox

__all__ = ["Box", "Layers", "head_ellipse"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that something small takes up."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share any place."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(slots=True)
class Layers:
    """The layers of one system, filled mark by mark."""

    behind: list[str] = field(default_factory=list)
    front: list[str] = field(default_factory=list)
    taken: list[list[tuple[float, float]]] = field(default_factory=list)
    labels: list[Box] = field(default_factory=list)

    @property
    def lanes(self) -> int:
        """Rows of brackets above this system."""
        return len(self.taken)

    def lane(self, left: float, right: float) -> int:
        """The nearest row that is free from `left` to `right`; it is then taken."""
        for row, spans in enumerate(self.taken):
            if all(right < a or left > b for a, b in spans):
                spans.append((left, right))
                return row
        self.taken.append([(left, right)])
        return len(self.taken) - 1


def head_ellipse(head: NoteBox, kind: str, room: float) -> str:
    """A slanted outline round a note head, `room` away from it."""
    rx, ry = head.width / 2 + room, head.height / 2 + room
    return (
        f'<ellipse class="{kind}" cx="{head.x:.0f}" cy="{head.y:.0f}" rx="{rx:.0f}" ry="{ry:.0f}" '
        f'transform="rotate(-18 {head.x:.0f} {head.y:.0f})"/>'
    )
