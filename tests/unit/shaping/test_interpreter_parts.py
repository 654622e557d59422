"""The interpreter's parts: trees, network, timing within beats, weights stored and read."""

from pathlib import Path

import numpy as np
import pytest

from valentin.music import Score
from valentin.shaping.interpreter_features import view_of
from valentin.shaping.interpreter_model import read_model, stored_model, write_model
from valentin.shaping.interpreter_network import DILATIONS, Network
from valentin.shaping.interpreter_scene import sight_of
from valentin.shaping.interpreter_timing import group_tempo
from valentin.shaping.interpreter_trees import Trees
from valentin.studying import study


def stump(feature: int, threshold: float, low: float, high: float) -> tuple[list[float], ...]:
    """feature, threshold, left, right, value of one split and its two leaves."""
    return [feature, 0, 0], [threshold, 0, 0], [1, 1, 2], [2, 1, 2], [0, low, high]


def test_trees_add_up_leaf_by_leaf() -> None:
    rows = [stump(0, 0.5, 1, 2), stump(1, -1.0, 10, 20)]
    f, t, left, right, v = (np.array(c) for c in zip(*rows, strict=True))
    trees = Trees(
        f.astype(np.int16), t.astype(np.float32), left.astype(np.int16), right.astype(np.int16),
        v.astype(np.float32), 1, 0.25,
    )  # fmt: skip
    values = np.array([[0.5, -1.0], [0.6, -1.0], [0.0, 0.0]], np.float32)
    assert trees.predict(values) == pytest.approx([11.25, 12.25, 21.25])
    many = np.tile(values, (400, 1))
    assert trees.predict(many) == pytest.approx(np.tile([11.25, 12.25, 21.25], 400))


def test_timing_within_a_beat_moves_no_beat() -> None:
    onsets = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 2.5])
    beats = np.array([0.0, 1.0, 2.0])
    beat = np.array([0, 0, 0, 1, 2, 2])
    arcs = np.array([0.2, -0.1, 0.3])
    plain = group_tempo(onsets, beats, beat, arcs, np.zeros(6))
    assert plain == pytest.approx(arcs[beat])
    bent = group_tempo(onsets, beats, beat, arcs, np.array([1.0, -1.0, 0.5, 9.0, 0.4, 0.0]))
    wait = np.array([0.25, 0.25, 0.5, 1.0, 0.5, 1.0])
    assert np.bincount(beat, (bent - plain) * np.minimum(wait, 1.0)) == pytest.approx([0, 0, 0])
    assert bent[3] == pytest.approx(plain[3])


def test_a_long_note_takes_the_mean_of_its_beats() -> None:
    tempo = group_tempo(
        np.array([0.0]), np.array([0.0, 1.0]), np.array([0]), np.array([0.0, 1.0]), np.zeros(1)
    )
    assert tempo == pytest.approx([0.0])
    two = group_tempo(
        np.array([0.0, 2.0]), np.array([0.0, 1.0, 2.0]), np.array([0, 2]),
        np.array([0.0, 1.0, 5.0]), np.zeros(2),
    )  # fmt: skip
    assert two == pytest.approx([0.5, 5.0])


def network(seed: int = 0, width: int = 8, columns: int = 5, own: int = 3) -> Network:
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.3, shape).astype(np.float32)

    weights = [draw(columns, width), draw(width)]
    for _ in DILATIONS:
        weights += [draw(width), draw(width), draw(3, width, 2 * width), draw(2 * width)]
    weights += [draw(2 * width, 6), draw(6), draw(6, 2), draw(2)]
    weights += [draw(2 * width + own, 7), draw(7), draw(7, 3), draw(3)]
    ones = np.ones(columns, np.float32), np.ones(own, np.float32)
    return Network(0 * ones[0], ones[0], 0 * ones[1], ones[1], tuple(weights))


def test_a_network_sees_sixty_three_groups_and_no_further() -> None:
    rng = np.random.default_rng(1)
    groups = rng.normal(size=(200, 5)).astype(np.float32)
    notes = rng.normal(size=(200, 3)).astype(np.float32)
    changed = groups.copy()
    changed[100] += 2.0
    before, _ = network().predict(groups, notes, np.arange(200))
    after, _ = network().predict(changed, notes, np.arange(200))
    moved = np.flatnonzero(np.abs(after - before).max(axis=1) > 0)
    assert moved.min() >= 100 - sum(DILATIONS)
    assert moved.max() <= 100 + sum(DILATIONS)
    assert len(moved) > 60


def test_a_note_tells_only_of_itself() -> None:
    rng = np.random.default_rng(2)
    groups = rng.normal(size=(20, 5)).astype(np.float32)
    notes = rng.normal(size=(20, 3)).astype(np.float32)
    changed = notes.copy()
    changed[7] += 1.0
    a, b = (network().predict(groups, n, np.arange(20))[1] for n in (notes, changed))
    assert np.flatnonzero(np.abs(a - b).max(axis=1) > 0).tolist() == [7]


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    model = stored_model()
    write_model(model, tmp_path / "again.npz")
    again = read_model(tmp_path / "again.npz")
    assert np.array_equal(again.gain, model.gain)
    for one, other in zip(model.trees, again.trees, strict=True):
        assert np.array_equal(one.threshold, other.threshold)
    for one, other in zip(model.networks, again.networks, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


def test_the_view_has_the_columns_that_the_weights_know(tune: Score) -> None:
    structure = study(tune)
    view = view_of(sight_of(tune, structure), structure)
    model = stored_model()
    tables = (*(view.notes,) * 3, view.beats, view.groups)
    for trees, table in zip(model.trees, tables, strict=True):
        assert int(trees.feature.max()) < len(table.names)
    assert np.all(np.isfinite(view.notes.values))
    assert len(view.notes.values) == len(tune.notes)
    assert model.networks[0].note_mean.shape == (view.own,)
