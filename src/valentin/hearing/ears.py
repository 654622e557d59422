"""The network, ready to listen: one segment of sound → intervals of every key and pedal.

In: a segment of sound at 44.1 kHz and where each track was settled before. Out: the intervals of
each track with their attributes, and how likely one begins in each frame.

**Conventions.** The graph is built once from the weights and kept in the user's cache folder, its
name made of the hashes of the weights and of this code's version; a damaged one is built anew.

**Knows nothing of** recordings and what came before this segment.
"""

from __future__ import annotations

import hashlib
import os
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
from valentin.hearing.intervals import Scorer, beginnings, best_intervals
from valentin.hearing.network import TRACKS, built
from valentin.hearing.spectrum import Spectrum, steps_of
from valentin.hearing.weights import SHA256, Weights, checkpoint, read_weights

__all__ = ["NEAR_FRAMES", "Ears", "Interval", "Listened", "ears"]

Floats = npt.NDArray[np.float32]

GRAPH_VERSION = 2
"""Raised whenever `network` builds another graph."""
TOGETHER = 6
"""Tracks scored at once: 6 · 691 · 691 scores are 11 MB."""
NEAR_FRAMES = 2
"""A beginning found this near (46 ms) is the same beginning."""
FAINT = 0.01
"""Probability from which a beginning that is not on the best path is told."""
MOST_THREADS = 8
_DIGEST = 32  # bytes at the end of a kept graph


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


@dataclass(frozen=True, slots=True)
class Listened:
    """Intervals by track, those of the best path, and those that it passed over as less likely."""

    intervals: tuple[tuple[Interval, ...], ...]
    faint: tuple[tuple[Interval, ...], ...]


class Ears:
    """A loaded network."""

    def __init__(self, weights: Weights, session: onnxruntime.InferenceSession) -> None:
        self._spectrum = Spectrum(weights)
        self._scorer = Scorer(weights)
        self._heads = Heads(weights)
        self._session = session

    def listen(self, samples: Floats, starts: list[int], floor: float = 0.0) -> Listened:
        """What one segment (samples, channels) of at most 16 s holds, each track from its start."""
        features = self._spectrum.features(samples, floor)
        frames = features.shape[2]
        steps = steps_of(frames)
        given = {"features": features, "steps": np.array([steps], np.int64)}
        (tokens,) = self._session.run(None, given, _giving_back())
        intervals: list[tuple[Interval, ...]] = []
        faint: list[tuple[Interval, ...]] = []
        for first in range(0, TRACKS, TOGETHER):
            some = slice(first, min(first + TOGETHER, TRACKS))
            vectors = self._scorer.vectors(tokens[some], frames)
            scores = self._scorer.scores(vectors)
            paths = best_intervals(scores, starts[some])
            for path, vector, likely, ends in zip(paths, vectors, *beginnings(scores), strict=True):
                intervals.append(self._attributed(path, vector, likely))
                faint.append(self._attributed(_passed_over(path, likely, ends), vector, likely))
        return Listened(tuple(intervals), tuple(faint))

    def _attributed(
        self, path: list[tuple[int, int]], vector: Floats, likely: Floats
    ) -> tuple[Interval, ...]:
        if not path:
            return ()
        begin, end = np.array(path).T
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


def _giving_back() -> onnxruntime.RunOptions:
    """Memory of a run is handed back after it, so that it is not held beside the scores."""
    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


@cache
def ears() -> Ears:
    """The one network of this process. Raises MissingError where its weights are not installed."""
    weights = read_weights(checkpoint())
    kept = graph_path()
    session = _loaded(kept)
    if session is None:
        _keep(built(weights), kept)
        session = _loaded(kept)
    if session is None:
        raise DeviceError(f"Preparing the ears: `{kept}` cannot be read back; free some space.")
    return Ears(weights, session)


def graph_path() -> Path:
    """Where the built graph is kept."""
    folder = platformdirs.user_cache_path("valentin") / "ears"
    return folder / f"transkun-{SHA256[:12]}-{GRAPH_VERSION}.onnx"


def _keep(model: bytes, path: Path) -> None:
    """The graph and its digest, so that a wrong bit is seen."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeviceError(
            f"Preparing the ears: `{path.parent}` cannot be made; free it or set XDG_CACHE_HOME."
        ) from error
    with written(path) as beside:
        beside.write_bytes(model + hashlib.sha256(model).digest())


def _loaded(path: Path) -> onnxruntime.InferenceSession | None:
    """The graph as a session, or None where there is none or it is damaged."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    model = kept[:-_DIGEST]
    if hashlib.sha256(model).digest() != kept[-_DIGEST:]:
        return None
    del kept
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(_processors(), MOST_THREADS)
    options.log_severity_level = 4
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
