"""The stored interpreter: what trees and networks say together of every note, and how surely.

In: the weights of the package. Out: for a view, the human mean and the human width of each value.

**Conventions.** Values are about the piece's own centre: velocity in MIDI, articulation and tempo
in log2, asynchrony in seconds (+ is late). A width is the mean distance of one human from it; times
the two factors of its kind it gives the 10 and the 90 % quantile.

**Knows nothing of** written marks, plans.

**Reference.** `docs/concepts/interpreter.md`; how the weights were made: `weights/MODEL_CARD.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from valentin.shaping.interpreter_features import View
from valentin.shaping.interpreter_network import Network
from valentin.shaping.interpreter_tables import net_inputs
from valentin.shaping.interpreter_trees import Trees
from valentin.shaping.interpreter_whole import Kernels

__all__ = ["HEADS", "WIDTHS", "Model", "Reading", "read_model", "stored_model", "write_model"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HEADS = ("vel", "art", "asyn", "beat", "rest")
"""What is told: three values a note, one a beat, one a group."""

WIDTHS = ("vel", "art", "asyn", "tempo")
"""Of what a width is told: three a note, one a group."""

PLACE = Path(__file__).parent / "weights" / "interpreter.npz"
TREE_ARRAYS = ("feature", "threshold", "left", "right", "value")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of one score: centres by head."""

    vel: Floats
    art: Floats
    asyn: Floats
    beat: Floats
    rest: Floats


@dataclass(frozen=True, slots=True)
class Model:
    """All weights. `gain` restores each head's human variance, `edges` turns widths into quantiles.

    `share` is the network's share of the mean, `whole` tells the qualities of a piece, a head's
    standard deviation among them. Arrays are parallel to HEADS, `edges` (4, 2) to WIDTHS.
    `figures` are trees that say how late the notes of graces and rolls come, in seconds, and
    `figure_gain` brings them to a pianist's variance.
    """

    trees: tuple[Trees, ...]
    widths: tuple[Trees, ...]
    networks: tuple[Network, ...]
    whole: Kernels
    share: Floats
    gain: Floats
    edges: Floats
    figures: Trees
    figure_gain: float

    def read(self, view: View, group: Ints, beat: Ints) -> Reading:
        """The centre of every value, in the piece's standard deviations and without gain.

        `beat` is the beat of each group.
        """
        seen = net_inputs(view, group)
        said = [network.predict(seen.groups, seen.notes, group) for network in self.networks]
        of_groups = np.array([g for g, _ in said]).mean(axis=0).astype(np.float64)
        of_notes = np.array([n for _, n in said]).mean(axis=0).astype(np.float64)
        of_beats = _by_beat(of_groups[:, 0], beat, len(view.beats.values))
        nets = (*of_notes.T, of_beats, of_groups[:, 1])
        tables = (*(view.notes.values,) * 3, view.beats.values, view.groups.values)
        out = []
        for i, (tree, net, table) in enumerate(zip(self.trees, nets, tables, strict=True)):
            mixed = (1 - self.share[i]) * tree.predict(table) + self.share[i] * net
            out.append(mixed - np.mean(mixed))
        return Reading(*out)

    def scaled(self, reading: Reading, qualities: dict[str, float]) -> Reading:
        """The same in each value's own unit, with a pianist's variance in a piece like this."""
        return Reading(*(
            getattr(reading, head) * gain * 2.0 ** qualities[head]
            for head, gain in zip(HEADS, self.gain, strict=True)
        ))  # fmt: skip

    def late(self, table: npt.NDArray[np.float32]) -> Floats:
        """Seconds by which each note of a figure comes after the mean of its onset.

        `table` is that of `interpreter_figures`.
        """
        return np.asarray(self.figure_gain * self.figures.predict(table))

    def spread(self, view: View) -> tuple[Floats, ...]:
        """The widths, in the order of WIDTHS."""
        tables = (*(view.notes.values,) * 3, view.groups.values)
        return tuple(
            np.maximum(tree.predict(table), 1e-3)
            for tree, table in zip(self.widths, tables, strict=True)
        )


@cache
def stored_model() -> Model:
    """The model of the package, read once."""
    return read_model(PLACE)


def write_model(model: Model, path: Path) -> None:
    """Store a model as one compressed file of plain arrays, networks in half precision."""
    arrays: dict[str, npt.NDArray[np.generic]] = {
        name: np.asarray(getattr(model, name)) for name in ("share", "gain", "edges")
    }
    for field in fields(model.whole):
        arrays[f"whole-{field.name}"] = getattr(model.whole, field.name).astype(np.float32)
    arrays["figure_gain"] = np.array(model.figure_gain)
    rows = {"trees": model.trees, "widths": model.widths, "figures": (model.figures,)}
    for kind, trees in rows.items():
        for i, tree in enumerate(trees):
            for name in TREE_ARRAYS:
                arrays[f"{kind}-{i}-{name}"] = getattr(tree, name)
            arrays[f"{kind}-{i}-depth"] = np.array(tree.depth)
            arrays[f"{kind}-{i}-base"] = np.array(tree.base)
    for i, network in enumerate(model.networks):
        for k, array in enumerate(_flat(network)):
            arrays[f"network-{i}-{k:02d}"] = array.astype(np.float16 if k >= 4 else np.float32)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_model(path: Path) -> Model:
    """A stored model."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    count = 1 + max(int(n.split("-")[1]) for n in arrays if n.startswith("network"))
    return Model(
        _trees(arrays, "trees", len(HEADS)),
        _trees(arrays, "widths", len(WIDTHS)),
        tuple(_network(arrays, i) for i in range(count)),
        Kernels(*(arrays[f"whole-{field.name}"].astype(np.float64) for field in fields(Kernels))),
        arrays["share"].astype(np.float64),
        arrays["gain"].astype(np.float64),
        arrays["edges"].astype(np.float64),
        _trees(arrays, "figures", 1)[0],
        float(arrays["figure_gain"]),
    )


def _trees(arrays: dict[str, npt.NDArray[np.generic]], kind: str, count: int) -> tuple[Trees, ...]:
    def one(i: int) -> Trees:
        columns = {name: arrays[f"{kind}-{i}-{name}"] for name in TREE_ARRAYS}
        return Trees(
            **columns,  # type: ignore[arg-type]
            depth=int(arrays[f"{kind}-{i}-depth"]),
            base=float(arrays[f"{kind}-{i}-base"]),
        )

    return tuple(one(i) for i in range(count))


def _flat(network: Network) -> list[npt.NDArray[np.float32]]:
    scales = [getattr(network, field.name) for field in fields(network)[:4]]
    return [*scales, *network.weights]


def _network(arrays: dict[str, npt.NDArray[np.generic]], i: int) -> Network:
    names = sorted(n for n in arrays if n.startswith(f"network-{i}-"))
    flat = [arrays[n].astype(np.float32) for n in names]
    return Network(flat[0], flat[1], flat[2], flat[3], tuple(flat[4:]))


def _by_beat(column: Floats, beat: Ints, count: int) -> Floats:
    """The mean of each beat's groups; beats without one are drawn between their neighbours."""
    number = np.bincount(beat, minlength=count)
    total = np.bincount(beat, column, count)
    known = np.flatnonzero(number)
    return np.interp(np.arange(count), known, total[known] / number[known])
