"""The network, ready to listen: one segment of sound → intervals of every key and pedal.

In: a segment of sound at 44.1 kHz and where each track was settled before. Out: the intervals of
each track with their attributes, and how likely one begins in each frame.

**Conventions.** The graph is built once from the weights and kept in the user's cache folder, its
name made of the hashes of the weights and of this code's version; a damaged one is built anew.

**Knows nothing of** recordings and what came before this segment.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import platformdirs

from valentin.errors import DeviceError
from valentin.files import written
from valentin.hearing.attributes import Heads
from valentin.hearing.intervals import decoded
from valentin.hearing.network import TRACKS, built
from valentin.hearing.scoring import Scorer
from valentin.hearing.sessions import opened, processors
from valentin.hearing.spectrum import Spectrum, steps_of
from valentin.hearing.weights import SHA256, checkpoint, read_weights

__all__ = ["NEAR_FRAMES", "Ears", "Interval", "Listened", "ears"]

Floats = npt.NDArray[np.float32]

GRAPH_VERSION = 4
"""Raised whenever `network` builds another graph."""
TOGETHER = 3
"""Tracks scored at once by a processor: 6 · 691 · 691 scores are 11 MB."""
NEAR_FRAMES = 2
"""A beginning found this near (46 ms) is the same beginning."""
FAINT = 0.01
"""Probability from which a beginning that is not on the best path is told."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One key or pedal held, in frames of the segment; whether its ends lie inside it."""

    begin: float
    end: float
    last_frame: int
    velocity: int
    begins: bool
    ends: bool
    confidence: float


Intervals = tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Listened:
    """Intervals by track, those of the best path, and those that it passed over as less likely."""

    intervals: tuple[Intervals, ...]
    faint: tuple[Intervals, ...]


class Ears:
    """A loaded network."""

    def __init__(
        self,
        spectrum: Spectrum,
        scorer: Scorer,
        heads: Heads,
        session: onnxruntime.InferenceSession,
    ) -> None:
        self._spectrum, self._scorer, self._heads = spectrum, scorer, heads
        self._session = session

    def listen(self, samples: Floats, starts: list[int], floor: float = 0.0) -> Listened:
        """What one segment (samples, channels) of at most 16 s holds, each track from its start."""
        features = self._spectrum.features(samples, floor)
        frames = features.shape[2]
        given = {"features": features, "steps": np.array([steps_of(frames)], np.int64)}
        (tokens,) = self._session.run(None, given)

        def some(first: int) -> list[tuple[Intervals, Intervals]]:
            tracks = slice(first, min(first + TOGETHER, TRACKS))
            return self._decoded(tokens[tracks], starts[tracks], frames)

        with ThreadPoolExecutor(processors()) as workers:
            blocks = workers.map(some, range(0, TRACKS, TOGETHER))
            every = [track for block in blocks for track in block]
        return Listened(tuple(best for best, _ in every), tuple(faint for _, faint in every))

    def _decoded(
        self, tokens: Floats, starts: list[int], frames: int
    ) -> list[tuple[Intervals, Intervals]]:
        """Of some tracks the best path, and what it passed over."""
        scored = self._scorer.scored(tokens, frames)
        every = []
        for vector, reach, alone, start in zip(
            scored.vectors, scored.reach, scored.alone, starts, strict=True
        ):
            path, likely, ends = decoded(reach, alone, start)
            others = _passed_over(path, likely, ends)
            found = self._attributed([*path, *others], vector, likely)
            every.append((found[: len(path)], found[len(path) :]))
        return every

    def _attributed(
        self, pairs: list[tuple[int, int]], vector: Floats, likely: Floats
    ) -> Intervals:
        if not pairs:
            return ()
        begin, end = np.array(pairs).T
        found = self._heads.attributes(vector[begin], vector[end])
        sure = _sure(likely)
        return tuple(
            Interval(
                float(b + shift[0]), float(e + shift[1]), int(e), int(velocity),
                b > 0 or bool(present[0]), e < len(vector) - 2 or bool(present[1]),
                float(sure[b]),
            )
            for b, e, velocity, shift, present in zip(
                begin, end, found.velocity, found.shift, found.present, strict=True
            )
        )  # fmt: skip


def _sure(likely: Floats) -> Floats:
    """The probability that an interval begins in a frame or near it."""
    total: Floats = np.minimum(np.convolve(likely, np.ones(2 * NEAR_FRAMES + 1), "same"), 1.0)
    return total


def _passed_over(
    path: list[tuple[int, int]], likely: Floats, ends: npt.NDArray[np.int32]
) -> list[tuple[int, int]]:
    """Intervals that begin where the path has no beginning near, each the likeliest around."""
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(likely, NEAR_FRAMES), 2 * NEAR_FRAMES + 1
    )
    taken = np.zeros(len(likely), np.float32)
    taken[[begin for begin, _ in path]] = 1.0
    free = np.convolve(taken, np.ones(2 * NEAR_FRAMES + 1), "same") < 0.5
    found = (_sure(likely) >= FAINT) & (likely >= around.max(axis=1)) & free
    found[-1] = False
    return [(int(begin), int(ends[begin])) for begin in np.flatnonzero(found)]


@cache
def ears() -> Ears:
    """The one network of this process. Raises MissingError where its weights are not installed."""
    kept = graph_path()
    weights = read_weights(checkpoint())
    if not _sound(kept):
        _keep(built(weights), kept)
    if not _sound(kept):
        raise DeviceError(f"Preparing the ears: `{kept}` cannot be read back; free some space.")
    parts = Spectrum(weights), Scorer(weights), Heads(weights)
    del weights  # 52 MB less while the graph is loaded
    return Ears(*parts, opened(kept, processors()))


def graph_path() -> Path:
    """Where the built graph is kept."""
    folder = platformdirs.user_cache_path("valentin") / "ears"
    return folder / f"transkun-{SHA256[:12]}-{GRAPH_VERSION}.onnx"


def _keep(model: bytes, path: Path) -> None:
    """The graph and, beside it, its digest, so that a wrong bit is seen."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeviceError(
            f"Preparing the ears: `{path.parent}` cannot be made; free it or set XDG_CACHE_HOME."
        ) from error
    for file, content in (
        (path, model),
        (_digest(path), hashlib.sha256(model).hexdigest().encode()),
    ):
        with written(file) as beside:
            beside.write_bytes(content)


def _digest(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _sound(path: Path) -> bool:
    """Whether the kept graph is the one that was built."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        return found == _digest(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return False
