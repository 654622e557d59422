"""Short stumbles and wrong pieces: what the aligner's constants were chosen by.

In: human takes of as many train works. Out: rows of `bench/results/stumbling.json`.

Run: `python -m bench.stumbling`.

**Conventions.** A stumble: after a key drawn at random the player waits .4 to 2 s and plays the
last 3 to 15 keys again, from the start of their chord, then goes on; six a take. *Placed* is a key
played again whose match is its written note. A wrong piece: the score of one work with the take of
another; it is *believed* if a single key is matched.

**Knows nothing of** how an aligner works.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bench.aligning import chosen
from bench.aligning_cases import Case, Key, case_of
from bench.common import Row, across_works, record
from valentin.aligning import align
from valentin.music import folded_id
from valentin.reading import read_match, read_score

__all__ = ["stumbled"]

STUMBLES, KEYS_AGAIN, WAIT_S, CHORD_S = 6, (3, 16), (0.4, 2.0), 0.05
TAKES, MOST_KEYS, APART = 40, 7000, (3, 7, 11)


def stumbled(case: Case, rng: np.random.Generator) -> tuple[Case, frozenset[str]]:
    """The take with stumbles, and the ids of the keys played again."""
    keys, out = case.keys, []
    stops = set(rng.choice(np.arange(20, len(keys) - 5), STUMBLES, replace=False).tolist())
    late_s, again = 0.0, 0
    for i, key in enumerate(keys):
        out.append(_later(key, key.note.id, late_s))
        if i not in stops:
            continue
        first = max(0, i - int(rng.integers(*KEYS_AGAIN)))
        while first and keys[first].note.onset_s - keys[first - 1].note.onset_s < CHORD_S:
            first -= 1
        late_s += key.note.onset_s - keys[first].note.onset_s + float(rng.uniform(*WAIT_S))
        for struck in keys[first : i + 1]:
            again += 1
            out.append(_later(struck, f"again{again}", late_s))
    out.sort(key=lambda key: key.note.onset_s)
    named = frozenset(f"p{i}" for i, key in enumerate(out) if key.note.id.startswith("again"))
    return replace(case, keys=tuple(out)), named


def _later(key: Key, name: str, by_s: float) -> Key:
    note = key.note
    moved = replace(note, id=name, onset_s=note.onset_s + by_s, offset_s=note.offset_s + by_s)
    return replace(key, note=moved)


def _cases() -> Iterator[tuple[str, Case]]:
    for take in chosen("train", TAKES)[TAKES // 5 :]:
        if take.match is None:
            continue
        case = case_of(read_score(take.score, lenient=True)[0], *read_match(take.match))
        if len(case.keys) <= MOST_KEYS:
            yield take.work, case


def _placed(case: Case, rng: np.random.Generator) -> float:
    """Share of the keys played again that are placed."""
    session, again = stumbled(case, rng)
    found = align(session.score, session.performance)
    place = {match.performed_id: folded_id(match.score_id) for match in found.matches}
    wanted = {f"p{i}": key.written for i, key in enumerate(session.keys) if key.written}
    return float(np.mean([place.get(name) == wanted[name] for name in again if name in wanted]))


def main() -> None:
    """Measure and record."""
    cases = list(_cases())
    placed = {work: _placed(c, np.random.default_rng([9, n])) for n, (work, c) in enumerate(cases)}
    believed = [
        bool(align(case.score, cases[(i + by) % len(cases)][1].performance).matches)
        for i, (_, case) in enumerate(cases)
        for by in APART
    ]
    record(
        "stumbling",
        [
            across_works("keys played again after a stumble that are placed", placed),
            Row("wrong pieces believed", sum(believed), n=len(believed), of="pairs", target="0"),
        ],
    )


if __name__ == "__main__":
    main()
