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
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from valentin import pianist
from valentin.errors import DeviceError, ReadError
from valentin.music import (
    Audio,
    CursorStep,
    Engraving,
    Performance,
    PerformedNote,
    Pulse,
    Score,
)
from valentin.serving.lessons import Made, Wanted, made
from valentin.serving.workshop import Stopped, Workshop

__all__ = ["Asked", "LessonState", "Library", "Played"]

Key = tuple[Any, ...]
T = TypeVar("T")
Asked = tuple[Path, Performance | Path, Wanted]
"""What a lesson is made of: the score's file, the take (a recording: its file), and how."""

_KEPT = {"read": 12, "engraved": 12, "played": 24, "note": 88}
"""How many of a kind are kept; a rendition of 5,000 notes is about 1 MB, a note half of one."""
_LESSONS = 8
"""How many lessons that are ready are kept; a page is a few MB."""
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
    """How far a lesson is; `future` is its page."""

    words: str = "listening to the take …"
    future: Future[str] = field(default_factory=Future)
    work: Future[Made] | None = None

    def tell(self, words: str) -> None:
        """Told by the work as it goes on."""
        self.words = words


class Library:
    """The pieces of the shelf and all that was made of them since the studio opened."""

    def __init__(self) -> None:
        self._done: dict[str, OrderedDict[Key, Future[Any]]] = {k: OrderedDict() for k in _KEPT}
        self._lessons: dict[str, LessonState] = {}
        self.workshop, self.reading = Workshop(), Workshop()  # no file waits for a lesson
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
        self.workshop.close()
        self.reading.close()

    def read(self, name: str) -> tuple[Score, Engraving]:
        """A piece of the shelf. Raises ReadError for a name that is not there."""
        piece = pianist.piece(name)
        return self._once(("read", piece.score), lambda: pianist.read_score(piece.score))

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
        key = f"{piece.name} {take}"
        return self.prepared(
            key, lambda: (piece.score, pianist.read_take(piece.takes[take]), Wanted())
        )

    def prepared(
        self, key: str, asked: Callable[[], Asked], keep: Callable[[Made], None] = lambda _: None
    ) -> LessonState:
        """The lesson on a take, by a name for it; the first to ask begins it.

        `asked` gives score, take and how it is wanted; what was made is given to `keep`, once.
        """
        with self._lock:
            state = self._lessons.get(key)
            if state is not None:
                return state
            state = self._lessons[key] = LessonState()
            ready = [k for k, s in self._lessons.items() if s.future.done()]
            for old in ready[:-_LESSONS]:
                del self._lessons[old]
        try:
            state.work = self.workshop.do(made, *asked(), told=state.tell)
        except BaseException:
            self.forget_lesson(key)
            raise
        state.work.add_done_callback(lambda work: self._finish(key, state, work, keep))
        return state

    def forget_lesson(self, key: str) -> None:
        """Begin it no more, or do it no further; the next to ask begins it anew."""
        with self._lock:
            state = self._lessons.pop(key, None)
        if state is not None and state.work is not None and not state.work.done():
            self.workshop.cancel(state.work)

    def forget(self) -> None:
        """Nothing that was made is kept: what it was made of is gone."""
        with self._lock:
            keys = list(self._lessons)
            for done in self._done.values():
                done.clear()
        for key in keys:
            self.forget_lesson(key)

    def _finish(
        self, key: str, state: LessonState, work: Future[Made], keep: Callable[[Made], None]
    ) -> None:
        try:
            lesson = work.result()
            keep(lesson)
        except (CancelledError, Stopped, DeviceError) as error:
            with self._lock:
                self._lessons.pop(key, None)
            state.future.set_exception(Stopped(str(error) or "The work was stopped."))
        except Exception as error:  # noqa: BLE001 - whatever it was, those who wait are told
            state.future.set_exception(error)
        else:
            state.future.set_result(lesson.page)

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
