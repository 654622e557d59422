"""What the studio has at hand: pieces read, engraved, played and judged once, then kept.

In: names and wishes. Out: words and texts. Work that another request has begun is waited for, not
done twice; lessons are prepared beside the requests.

**Conventions.** A key names one piece of work, its kind first; of each kind the newest few are
kept.

**Knows nothing of** HTTP.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from valentin import pianist
from valentin.errors import ReadError
from valentin.music import Audio, CursorStep, Engraving, Performance, PerformedNote, Pulse, Score

__all__ = ["LessonState", "Library", "Played"]

Key = tuple[Any, ...]
T = TypeVar("T")

_KEPT = {"read": 12, "engraved": 12, "played": 24, "note": 88}
"""How many of a kind are kept; a rendition of 5,000 notes is about 1 MB, a note half of one."""
_NOTE_S = 3.0
_NOTE_VELOCITY = 72


@dataclass(frozen=True, slots=True)
class Played:
    """A rendition to be heard: the keys, where in the score they are, and its beats."""

    performance: Performance
    steps: tuple[CursorStep, ...]
    pulse: Pulse


@dataclass(slots=True)
class LessonState:
    """How far a lesson is. `page` is there when it is done, `trouble` where it cannot be."""

    words: str = "listening to the take …"
    future: Future[str] = field(default_factory=Future)

    def sounding(self, share: float) -> None:
        """Told by the work as it goes on."""
        self.words = f"sounding the remarks, {100 * share:.0f} %"


class Library:
    """The pieces of the shelf and all that was made of them since the studio opened."""

    def __init__(self) -> None:
        self._done: dict[str, OrderedDict[Key, Future[Any]]] = {k: OrderedDict() for k in _KEPT}
        self._lessons: dict[tuple[str, int], LessonState] = {}
        self._lock = Lock()
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")

    def pieces(self) -> tuple[pianist.Piece, ...]:
        """The shelf."""
        return pianist.pieces()

    def warm(self) -> None:
        """Begin, beside everything else, what the first visitor will ask for first."""
        first = self.pieces()[0]
        self._beside.submit(self.played, first.name, pianist.Wish())
        self._beside.submit(self.note, 60)
        if first.takes:
            self.lesson(first.name, 0)

    def close(self) -> None:
        """Begin nothing more."""
        self._beside.shutdown(wait=False, cancel_futures=True)

    def read(self, name: str) -> tuple[Score, Engraving]:
        """A piece of the shelf. Raises ReadError for a name that is not there."""
        piece = pianist.piece(name)
        return self._once(("read", name), lambda: pianist.read_score(piece.score))

    def engraved(self, name: str, spaces: int) -> tuple[str, ...]:
        """The score as SVG systems of a width."""
        score, engraving = self.read(name)
        return self._once(
            ("engraved", name, spaces),
            lambda: pianist.engrave(score, engraving, width_spaces=spaces),
        )

    def played(self, name: str, wish: pianist.Wish) -> Played:
        """The piece played as wished. Raises MusicError for bars that are not there."""
        score, _ = self.read(name)
        return self._once(("played", name, wish), lambda: _play(score, wish))

    def note(self, pitch: int) -> bytes:
        """One note of the piano, as a WAV file."""
        return self._once(("note", pitch), lambda: _note(pitch))

    def lesson(self, name: str, take: int) -> LessonState:
        """The lesson on one of a piece's takes; the first to ask begins it."""
        piece = pianist.piece(name)
        if not 0 <= take < len(piece.takes):
            raise ReadError(
                f"Opening a lesson on {piece.title}: there is no take {take + 1}; "
                f"the shelf has {len(piece.takes)} of it."
            )
        with self._lock:
            state = self._lessons.get((name, take))
            if state is None:
                state = self._lessons[name, take] = LessonState()
                self._beside.submit(self._teach, state, piece, take)
        return state

    def _teach(self, state: LessonState, piece: pianist.Piece, take: int) -> None:
        try:
            score, engraving = self.read(piece.name)
            sitting = pianist.teach(score, pianist.read_take(piece.takes[take]))
            page = pianist.lesson_page(sitting, engraving, progress=state.sounding)
        except Exception as error:  # noqa: BLE001 - whatever it was, those who wait are told
            state.future.set_exception(error)
        else:
            state.future.set_result(page)

    def _once(self, key: Key, work: Callable[[], T]) -> T:
        """The result of `work`, done by whoever asks first and kept."""
        done = self._done[key[0]]
        with self._lock:
            future = done.get(key)
            mine = future is None
            if future is None:
                future = done[key] = Future()
                while len(done) > _KEPT[key[0]]:
                    done.popitem(last=False)
            done.move_to_end(key)
        if mine:
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - told to all who wait, and raised here
                with self._lock:
                    done.pop(key, None)
                future.set_exception(error)
        result: T = future.result()
        return result


def _play(score: Score, wish: pianist.Wish) -> Played:
    rendition = pianist.play(score, wish)
    steps = pianist.cursor_steps(rendition.score, rendition.performance, rendition.alignment)
    return Played(rendition.performance, steps, pianist.pulse(rendition.score, steps, wish.bars))


def _note(pitch: int) -> bytes:
    note = PerformedNote("key", "", 0.0, _NOTE_S, pitch, _NOTE_VELOCITY)
    audio: Audio = pianist.sound(Performance((note,)))
    return pianist.encode_audio(audio, "wav")
