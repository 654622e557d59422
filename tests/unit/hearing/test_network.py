"""The network's parts that can be checked without hearing: weights, paths, no torch."""

from __future__ import annotations

import itertools
import math
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from valentin.errors import ReadError
from valentin.hearing.intervals import decoded
from valentin.hearing.weights import read_weights, unpickled

FRAMES = 5


def every_path() -> list[tuple[tuple[int, int], ...]]:
    """All sets of intervals of FRAMES frames of which none overlap, except at their ends."""
    pairs = [(b, e) for b in range(FRAMES) for e in range(b + 1, FRAMES)]
    long = [
        some
        for size in range(FRAMES)
        for some in itertools.combinations(pairs, size)
        if all(a[1] <= b[0] for a, b in itertools.pairwise(some))
    ]
    return [
        some + tuple((frame, frame) for frame in frames)
        for some in long
        for size in range(FRAMES + 1)
        for frames in itertools.combinations(range(FRAMES), size)
        if not any(b < frame < e for b, e in some for frame in frames)
    ]


def as_reach(
    scores: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Scores (begin, end) as what the scorer says: a score a frame, and what is alone."""
    frame = np.arange(len(scores))
    lasts = np.maximum(frame[None, :] - frame[:, None], 1)
    return (scores / lasts).astype(np.float32), scores.diagonal().copy()


def test_the_path_is_the_best_of_all_and_beliefs_are_sums_over_all() -> None:
    scores = np.triu(np.random.default_rng(3).normal(0, 2, (FRAMES, FRAMES))).astype(np.float32)
    paths = every_path()
    totals = np.array([sum(float(scores[b, e]) for b, e in path) for path in paths])
    found, likely, _ = decoded(*as_reach(scores), 0)
    assert sorted(found) == sorted(paths[int(totals.argmax())])
    weight = np.exp(totals - totals.max())
    for frame in range(FRAMES - 1):
        begun = [any(b == frame < e for b, e in path) for path in paths]
        belief = float(weight[begun].sum() / weight.sum())
        assert likely[frame] == pytest.approx(belief, abs=1e-5)


def test_what_was_settled_before_the_start_is_left() -> None:
    scores = np.full((FRAMES, FRAMES), -1.0, np.float32)
    scores[0, 2], scores[2, 4] = 5.0, 3.0
    assert decoded(*as_reach(scores), 0)[0] == [(0, 2), (2, 4)]
    assert decoded(*as_reach(scores), 2)[0] == [(2, 4)]


def test_weights_that_name_code_are_refused() -> None:
    harmful = pickle.dumps(math.sqrt)
    with pytest.raises(pickle.UnpicklingError, match=r"may not name math\.sqrt"):
        unpickled(harmful, lambda key: b"")


def test_another_file_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "2.0.pt"
    path.write_bytes(b"other weights")
    with pytest.raises(ReadError, match="not the file that was checked"):
        read_weights(path)


def test_listening_needs_no_torch() -> None:
    code = (
        "import sys; import valentin.hearing.listening, valentin.hearing.ears as e; "
        "e.read_weights(e.checkpoint()); "
        "sys.exit(sorted({'torch', 'transkun', 'torchaudio'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
