"""What every measure shares: the takes of the index, the interval of a mean, the results file.

In: the folder of development data (environment variable `VALENTIN_DATA`) and the rows that a bench
has measured. Out: takes by split and work; a row printed and appended to `bench/results/NAME.json`.

**Conventions.** A take counts only where its alignment is robust, unless asked otherwise. A work is
weighed as one, however many takes it has: give one value per work to `across_works`. Intervals are
95 %, bootstrapped over works with a fixed seed.

**Knows nothing of** what is measured.

**Reference.** B. Efron, R. Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 13
(percentile interval).
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np

__all__ = [
    "Row",
    "Take",
    "across_works",
    "asap_folder",
    "by_work",
    "data_folder",
    "read_results",
    "record",
    "sampled",
    "takes",
]

RESULTS = Path(__file__).parent / "results"
ASAP = "asap-dev"
RESAMPLES = 2000
"""Bootstrap resamples: the ends of a 95 % interval then vary by about 2 % of its width."""


@dataclass(frozen=True, slots=True)
class Take:
    """One human take of the index, with absolute paths; `match` is None where there is none."""

    split: Literal["train", "valid"]
    composer: str
    title: str
    folder: str
    score: Path
    performance: Path
    match: Path | None
    beats: Path | None
    robust: bool

    @property
    def work(self) -> str:
        """The work, the same for all versions of its score (`_no_repeat` and the like)."""
        return f"{self.composer}/{self.title}"

    @property
    def name(self) -> str:
        """A short name for a table: folder and player."""
        return f"{self.folder}/{self.performance.stem}"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured number. `others` and `target` are quoted from the design as text.

    `low` and `high` bound the 95 % interval; `worst` is the worst work's value, `n` how many works
    (or takes, or notes: `of` says which).
    """

    name: str
    value: float
    unit: str = ""
    low: float | None = None
    high: float | None = None
    median: float | None = None
    worst: float | None = None
    worst_at: str = ""
    n: int = 0
    of: str = "works"
    others: str = ""
    target: str = ""


def data_folder() -> Path:
    """Where the development data is unpacked.

    Raises SystemExit with one line where VALENTIN_DATA is not set: a bench is a command.
    """
    folder = os.environ.get("VALENTIN_DATA", "")
    if not folder or not Path(folder).is_dir():
        raise SystemExit("Measuring: no development data; set VALENTIN_DATA to its folder.")
    return Path(folder)


def asap_folder() -> Path:
    """The folder of the aligned takes."""
    return data_folder() / ASAP


def takes(
    split: Literal["train", "valid"] | None = None,
    *,
    robust_only: bool = True,
    with_score: bool = True,
) -> tuple[Take, ...]:
    """The takes of the index, in its order; `with_score` leaves out those without a score file."""
    root = asap_folder()
    with (root / "index.csv").open(encoding="utf-8", newline="") as lines:
        every = [_take(row, root) for row in csv.DictReader(lines)]
    return tuple(
        take
        for take in every
        if (split is None or take.split == split)
        and (take.robust or not robust_only)
        and (not with_score or take.score.is_file())
    )


def by_work(every: Iterable[Take]) -> dict[str, tuple[Take, ...]]:
    """Takes grouped by work, works in the order of the index."""
    works: dict[str, list[Take]] = {}
    for take in every:
        works.setdefault(take.work, []).append(take)
    return {work: tuple(rows) for work, rows in works.items()}


def sampled(every: Sequence[Take], count: int, seed: int = 0) -> tuple[Take, ...]:
    """`count` takes of as many different works as possible, the same ones for the same seed."""
    rng = np.random.default_rng(seed)
    works = [list(rng.permutation(np.array(rows, object))) for rows in by_work(every).values()]
    chosen: list[Take] = []
    while len(chosen) < count and any(works):
        chosen += [works[i].pop() for i in rng.permutation(len(works)) if works[i]]
    return tuple(chosen[:count])


def across_works(
    name: str,
    values: Mapping[str, float],
    *,
    unit: str = "",
    higher_is_better: bool = True,
    others: str = "",
    target: str = "",
) -> Row:
    """The mean over works with its interval, the median and the worst work; NaN counts as none."""
    known = {work: float(v) for work, v in values.items() if np.isfinite(v)}
    if not known:
        raise ValueError(f"{name}: no work has a value")
    column = np.array(list(known.values()))
    draws = np.random.default_rng(0).integers(0, len(column), (RESAMPLES, len(column)))
    low, high = np.percentile(column[draws].mean(axis=1), [2.5, 97.5])
    worst_at = (min if higher_is_better else max)(known, key=lambda work: known[work])
    return Row(
        name,
        float(column.mean()),
        unit,
        float(low),
        float(high),
        float(np.median(column)),
        known[worst_at],
        worst_at,
        len(known),
        others=others,
        target=target,
    )


def record(bench: str, rows: Sequence[Row]) -> None:
    """Print the rows and append them, with date and commit, to `bench/results/BENCH.json`."""
    path = RESULTS / f"{bench}.json"
    entry = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "rows": [asdict(row) for row in rows],
    }
    RESULTS.mkdir(exist_ok=True)
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    path.write_text(json.dumps([*before, entry], indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(_line(bench, row))


def read_results() -> dict[str, list[tuple[str, str, Row]]]:
    """Every result, by bench: (date, commit, row), the oldest first."""
    return {
        path.stem: [
            (entry["date"], entry["commit"], Row(**row))
            for entry in json.loads(path.read_text(encoding="utf-8"))
            for row in entry["rows"]
        ]
        for path in sorted(RESULTS.glob("*.json"))
    }


def _take(row: Mapping[str, str], root: Path) -> Take:
    def optional(key: str) -> Path | None:
        return root / row[key] if row[key] else None

    return Take(
        "valid" if row["split"] == "valid" else "train",
        row["composer"],
        row["title"],
        row["folder"],
        root / row["score"],
        root / row["performance"],
        optional("match"),
        optional("beats"),
        row["robust"] == "1",
    )


def _commit() -> str:
    """The short commit, with a plus where tracked source files differ from it."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=RESULTS.parent, capture_output=True, text=True, check=False
        ).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "../src", ".")
    dirty = any(not line.split()[-1].startswith("bench/results/") for line in changed.splitlines())
    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if dirty else "")


def _line(bench: str, row: Row) -> str:
    """One result for the terminal."""
    words = [f"{bench}: {row.name} = {row.value:.4g}{' ' + row.unit if row.unit else ''}"]
    if row.low is not None and row.high is not None:
        words.append(f"[{row.low:.4g}, {row.high:.4g}]")
    if row.median is not None:
        words.append(f"median {row.median:.4g}")
    if row.worst is not None:
        words.append(f"worst {row.worst:.4g} ({row.worst_at})")
    if row.n:
        words.append(f"n = {row.n} {row.of}")
    if row.target:
        words.append(f"target {row.target}")
    return " · ".join(words)
