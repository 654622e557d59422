"""What is to be expected of a fine pianist in this score: Score + Structure → Spread.

In: an unfolded score and its structure. Out: for each onset and note the mean of fine pianists as
far as the interpreter foresees it, and the band in which eight of ten lie.

**Conventions.** A rendition has a pianist's variance; an expectation has not: what is foreseen only
in part is drawn towards the piece's own mean by that part (`FORESEEN`), which makes it the least
wrong guess. Bands keep their width and move with their centre.

**Knows nothing of** any student, renditions.

**Reference.** Galton's regression towards the mean; the shares are slopes of human takes on
renditions, measured on works that the model had not seen (`bench/judging_thresholds.py --slopes`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from valentin.music import Score, Spread, SpreadBand, Structure
from valentin.shaping.interpreter import plan_interpreted, spread_interpreted
from valentin.shaping.interpreter_model import Model

__all__ = ["expected"]

Floats = npt.NDArray[np.float64]
_Band = tuple[SpreadBand, ...]

FORESEEN = {"velocity": 0.59, "tempo": 0.83, "articulation": 0.58}
"""Share of a rendition's distance from its mean that the mean of fine pianists has."""


def expected(score: Score, structure: Structure, model: Model | None = None) -> Spread:
    """The expectation for every onset and note; without a `model` the stored one foresees."""
    plan = plan_interpreted(score, structure, model=model)
    spread = spread_interpreted(score, structure, plan, model)
    return Spread(
        _ratios(spread.seconds_per_quarter, FORESEEN["tempo"]),
        _drawn(spread.velocity, FORESEEN["velocity"]),
        spread.lead_s,
        _ratios(spread.articulation, FORESEEN["articulation"]),
        spread.source,
    )


def _drawn(bands: _Band, share: float) -> _Band:
    """The centres nearer to their mean, the bands with them."""
    if not bands:
        return bands
    centre = np.array([band.centre for band in bands])
    by = (1 - share) * (centre.mean() - centre)
    return _moved(bands, by, np.zeros(len(bands)))


def _ratios(bands: _Band, share: float) -> _Band:
    """The same of values whose distances are ratios."""
    if not bands:
        return bands
    centre = np.log2([band.centre for band in bands])
    return _moved(bands, np.zeros(len(bands)), (1 - share) * (centre.mean() - centre))


def _moved(bands: _Band, by: Floats, octaves: Floats) -> _Band:
    factor = 2.0**octaves
    return tuple(
        SpreadBand(band.low * f + b, band.centre * f + b, band.high * f + b)
        for band, b, f in zip(bands, by.tolist(), factor.tolist(), strict=True)
    )
