"""Train the network over onset groups: examples → `Network`.

In: the examples to learn from, a seed. Out: the network as plain arrays.

**Conventions.** Targets are standardised within a take, so that every piece's shape counts alike;
the weight of a chunk is that of its work. One chunk is `CHUNK` groups, begun anywhere.

**Knows nothing of** trees.

**Reference.** See `shaping.interpreter_network`. I. Loshchilov, F. Hutter, "Decoupled weight decay
regularization" (2019). L. Smith, N. Topin, "Super-convergence" (2018), for the one-cycle rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from valentin.learning.examples import Example
from valentin.learning.growing import weights_of
from valentin.shaping.interpreter_network import CLIP, DILATIONS, Network
from valentin.shaping.interpreter_tables import NetInputs, net_inputs

__all__ = ["EPOCHS", "train"]

Singles = npt.NDArray[np.float32]
Tensors = tuple[torch.Tensor, ...]

WIDTH = 96
"""Channels."""

CHUNK, BATCH, EPOCHS, RATE = 256, 16, 9, 4e-3
"""Groups of a chunk, chunks of a batch, passes, highest learning rate."""

GROUPS_OF_SCORE = 1300
"""Groups that a pass takes from one score."""

IMPORTANCE = ((1.0, 1.0, 0.5), (1.0, 0.7))
"""Weights in the loss: velocity, articulation, asynchrony; beat, rest."""


@dataclass(frozen=True, slots=True)
class _Lesson:
    """One score as tensors need it."""

    inputs: NetInputs
    group: npt.NDArray[np.int64]
    of_groups: Singles
    of_notes: Singles
    weight: float


class _Net(nn.Module):  # type: ignore[misc]
    def __init__(self, groups: int, notes: int) -> None:
        super().__init__()
        self.first = nn.Linear(groups, WIDTH)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.taps = nn.ModuleList(
            nn.Conv1d(WIDTH, 2 * WIDTH, 3, padding=d, dilation=d) for d in DILATIONS
        )
        self.of_groups = nn.Sequential(nn.Linear(2 * WIDTH, 64), nn.SiLU(), nn.Linear(64, 2))
        self.of_notes = nn.Sequential(
            nn.Linear(2 * WIDTH + notes, 128), nn.SiLU(), nn.Linear(128, 3)
        )
        self.blank, self.drop = nn.Dropout(0.1), nn.Dropout(0.2)

    def forward(
        self, groups: torch.Tensor, notes: torch.Tensor, place: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        start = nn.functional.silu(self.first(self.blank(groups)))
        state = start
        for norm, taps in zip(self.norms, self.taps, strict=True):
            u, v = taps(norm(state).transpose(1, 2)).transpose(1, 2).chunk(2, -1)
            state = state + self.drop(u * torch.sigmoid(v))
        state = self.drop(torch.cat([state, start], -1))
        seen = torch.cat([state.reshape(-1, state.shape[-1])[place], self.blank(notes)], -1)
        return self.of_groups(state), self.of_notes(seen)


def train(examples: list[Example], seed: int = 0, epochs: int = EPOCHS) -> Network:
    """A network of these examples; the same seed gives the same one."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    lessons = _lessons(examples)
    scales = _scales(lessons)
    net = _Net(lessons[0].inputs.groups.shape[1], lessons[0].inputs.notes.shape[1])
    per_epoch = len(_chunks(lessons, np.random.default_rng(0))) // BATCH + 2
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.03)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=epochs * per_epoch, pct_start=0.2
    )
    net.train()
    for _ in range(epochs):
        for step, batch in enumerate(_batches(lessons, scales, rng)):
            loss = _loss(net, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            if step < per_epoch:
                cycle.step()
    return _arrays(net, scales)


def _lessons(examples: list[Example]) -> list[_Lesson]:
    out = []
    for example, weight in zip(examples, weights_of(examples), strict=True):
        beat = example.target("beat")[example.beat]
        of_groups = np.stack([beat, example.target("rest")], axis=1).astype(np.float32)
        of_notes = np.stack([example.target(h) for h in ("vel", "art", "asyn")], axis=1)
        inputs = net_inputs(example.view, example.group)
        size = min(len(beat), GROUPS_OF_SCORE)
        notes = of_notes.astype(np.float32)
        out.append(_Lesson(inputs, example.group, of_groups, notes, weight / size))
    return out


def _scales(lessons: Sequence[_Lesson]) -> tuple[Singles, ...]:
    groups = np.concatenate([lesson.inputs.groups[::2] for lesson in lessons])
    notes = np.concatenate([lesson.inputs.notes[::3] for lesson in lessons])
    return groups.mean(0), groups.std(0) + 1e-3, notes.mean(0), notes.std(0) + 1e-3


def _chunks(lessons: Sequence[_Lesson], rng: np.random.Generator) -> list[tuple[int, int, int]]:
    out = []
    for i, lesson in enumerate(lessons):
        count = len(lesson.of_groups)
        start = int(rng.integers(0, CHUNK)) if count > CHUNK else 0
        spans = [(max(a, 0), min(a + CHUNK, count)) for a in range(-start, count, CHUNK)]
        mine = [(i, a, b) for a, b in spans if b - a > 16]
        most = GROUPS_OF_SCORE // CHUNK
        out += [mine[k] for k in rng.permutation(len(mine))[:most].tolist()]
    return [out[k] for k in rng.permutation(len(out)).tolist()]


def _batches(
    lessons: Sequence[_Lesson], scales: tuple[Singles, ...], rng: np.random.Generator
) -> Iterator[Tensors]:
    chunks = _chunks(lessons, rng)
    for k in range(0, len(chunks), BATCH):
        yield _batch(lessons, scales, chunks[k : k + BATCH])


def _batch(
    lessons: Sequence[_Lesson], scales: tuple[Singles, ...], spans: list[tuple[int, int, int]]
) -> Tensors:
    longest = max(b - a for _, a, b in spans)
    groups = np.zeros((len(spans), longest, len(scales[0])), np.float32)
    wanted = np.full((len(spans), longest, 2), np.nan, np.float32)
    trust = np.zeros((len(spans), longest), np.float32)
    notes, place, of_notes, weights = [], [], [], []
    for row, (i, a, b) in enumerate(spans):
        lesson = lessons[i]
        groups[row, : b - a] = (lesson.inputs.groups[a:b] - scales[0]) / scales[1]
        wanted[row, : b - a] = lesson.of_groups[a:b]
        trust[row, : b - a] = lesson.weight
        first, last = np.searchsorted(lesson.group, [a, b])
        notes.append((lesson.inputs.notes[first:last] - scales[2]) / scales[3])
        place.append(lesson.group[first:last] - a + row * longest)
        of_notes.append(lesson.of_notes[first:last])
        weights.append(np.full(last - first, lesson.weight, np.float32))
    own = np.clip(np.concatenate(notes), -CLIP, CLIP).astype(np.float32)
    arrays = (
        np.clip(groups, -CLIP, CLIP), own, np.concatenate(place), wanted,
        np.concatenate(of_notes), trust, np.concatenate(weights),
    )  # fmt: skip
    return tuple(torch.from_numpy(array) for array in arrays)


def _loss(net: _Net, batch: Tensors) -> torch.Tensor:
    groups, notes, place, wanted, of_notes, trust, weight = batch
    said_groups, said_notes = net(groups, notes, place)
    note, group = (torch.tensor(w) for w in IMPORTANCE)
    total = torch.zeros(())
    for said, target, each, by in (
        (said_groups, wanted, group, trust),
        (said_notes, of_notes, note, weight),
    ):
        known = torch.isfinite(target)
        away = (said - torch.nan_to_num(target)) ** 2 * known * each
        total = total + (away.sum(-1) * by).sum() / by.sum()
    return total


def _arrays(net: _Net, scales: tuple[Singles, ...]) -> Network:
    def array(tensor: torch.Tensor) -> Singles:
        return np.ascontiguousarray(tensor.detach().numpy(), dtype=np.float32)

    rows = [array(net.first.weight.T), array(net.first.bias)]
    state = net.state_dict()
    for i in range(len(DILATIONS)):
        rows += [array(state[f"norms.{i}.{name}"]) for name in ("weight", "bias")]
        rows += [array(state[f"taps.{i}.weight"].permute(2, 1, 0)), array(state[f"taps.{i}.bias"])]
    for head in ("of_groups", "of_notes"):
        for layer in (0, 2):
            rows += [array(state[f"{head}.{layer}.weight"].T), array(state[f"{head}.{layer}.bias"])]
    a, b, c, d = (s.astype(np.float32) for s in scales)
    return Network(a, b, c, d, tuple(rows))
