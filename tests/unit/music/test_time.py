"""Quarters and seconds are exact inverses of each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valentin.music import TempoCurve


@given(
    st.lists(st.tuples(st.floats(0.01, 4), st.floats(0.05, 5)), min_size=1, max_size=20),
    st.lists(st.floats(-10, 100), max_size=20),
)
def test_there_and_back(steps: list[tuple[float, float]], places: list[float]) -> None:
    curve = TempoCurve(np.cumsum([q for q, _ in steps]), [s for _, s in steps], 1.5)
    np.testing.assert_allclose(curve.quarters(curve.seconds(places)), places, atol=1e-6)


def test_the_curve_holds_from_its_knot_on() -> None:
    curve = TempoCurve([0, 1, 2], [1.0, 2.0, 0.5], start_s=10)
    assert curve.seconds([-1, 0, 1, 1.5, 2, 4]).tolist() == [9, 10, 11, 12, 13, 14]


def test_one_tempo_per_onset() -> None:
    with pytest.raises(ValueError, match="one tempo per onset, got 1 for 2"):
        TempoCurve([0, 1], [1.0])
