"""What is learned is what is stored: exported trees and networks say what their makers said."""

from __future__ import annotations

import numpy as np
import pytest

from valentin.learning.examples import Example, folds_of
from valentin.shaping.interpreter_features import Table, View


def example(work: str, seed: int = 0, groups: int = 60) -> Example:
    """A made-up score of one note a group, whose velocity follows its first column."""
    rng = np.random.default_rng(seed)
    own, seen = rng.normal(size=(groups, 4)), rng.normal(size=(groups, 5))
    names = tuple(f"n{i}" for i in range(4)), tuple(f"g{i}" for i in range(5))
    view = View(
        Table((*names[0], *names[1]), np.hstack([own, seen]).astype(np.float32)),
        Table(names[1], seen.astype(np.float32)),
        Table(names[1], seen[::2].astype(np.float32)),
        np.arange(groups // 2, dtype=np.float64),
        np.arange(0, groups, 2),
        4,
    )
    note = np.where(own[:, 0] > 0, 5.0, -5.0) + rng.normal(size=groups) * 0.1
    mean = {"vel": note, "art": note, "asyn": note, "rest": note, "beat": note[::2]}
    return Example(
        work, f"{work}/{seed}", view, np.arange(groups), np.arange(groups) // 2,
        np.arange(groups) / 2, np.zeros(groups, dtype=np.bool_), rng.normal(size=6), 60.0,
        mean, (mean,), own.astype(np.float32),
    )  # fmt: skip


def test_no_work_is_in_two_folds() -> None:
    works = [f"w{i // 2}" for i in range(20)]
    folds = folds_of(works, 3)
    assert set.union(*folds) == set(works)
    assert sum(len(f) for f in folds) == 10


def test_grown_trees_find_what_is_there_and_are_stored_as_grown() -> None:
    pytest.importorskip("lightgbm", reason="lightgbm is needed only to train")
    from valentin.learning.growing import grow

    examples = [example(f"w{i}", i, 300) for i in range(6)]
    trees = grow(examples, "vel", lambda e: e.inputs("vel"), lambda e: e.target("vel"))
    fresh = example("new", 99)
    said = trees.predict(fresh.inputs("vel"))
    assert np.corrcoef(said, fresh.mean["vel"])[0, 1] > 0.98
    assert np.abs(said - fresh.mean["vel"]).mean() < 1.0


def test_a_stored_network_says_what_the_trained_one_said() -> None:
    torch = pytest.importorskip("torch", reason="torch is needed only to train")
    from valentin.learning import networks
    from valentin.shaping.interpreter_tables import net_inputs

    torch.manual_seed(0)
    one = example("w", 3)
    inputs = net_inputs(one.view, one.group)
    net = networks._Net(inputs.groups.shape[1], inputs.notes.shape[1]).eval()
    scales = [np.zeros(inputs.groups.shape[1]), np.ones(inputs.groups.shape[1])]
    scales += [np.zeros(inputs.notes.shape[1]), np.ones(inputs.notes.shape[1])]
    stored = networks._arrays(net, tuple(s.astype(np.float32) for s in scales))
    of_groups, of_notes = stored.predict(inputs.groups, inputs.notes, one.group)
    with torch.no_grad():
        groups, notes = net(
            torch.from_numpy(inputs.groups)[None], torch.from_numpy(inputs.notes),
            torch.from_numpy(one.group),
        )  # fmt: skip
    assert of_groups == pytest.approx(groups[0].numpy(), abs=1e-4)
    assert of_notes == pytest.approx(notes.numpy(), abs=1e-4)


def test_training_twice_gives_the_same_network() -> None:
    pytest.importorskip("torch", reason="torch is needed only to train")
    pytest.importorskip("lightgbm", reason="lightgbm is needed only to train")
    from valentin.learning.networks import train

    examples = [example(f"w{i}", i) for i in range(3)]
    one, other = train(examples, 1, 1), train(examples, 1, 1)
    assert all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))
