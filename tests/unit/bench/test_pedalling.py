"""What the pedal's numbers say of pedals that are known."""

import numpy as np
import pytest
from bench.pedalling import found, presses, smeared


def test_a_press_is_where_the_pedal_goes_down() -> None:
    times = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    assert presses((times, np.array([0.0, 70.0, 127.0, 20.0, 64.0]))).tolist() == [1.0, 4.0]


def test_onsets_are_found_one_to_one() -> None:
    theirs = np.array([1.0, 2.0, 3.0])
    assert found(theirs, theirs) == 1.0
    assert found(np.array([1.05, 1.08, 5.0]), theirs) == pytest.approx(2 / 6)
    assert found(np.array([]), theirs) == 0.0
    assert np.isnan(found(np.array([]), np.array([])))


def test_a_pedal_that_is_not_changed_smears() -> None:
    changes = np.array([1.0, 2.0])
    held = np.array([0.0]), np.array([127.0])
    changed = np.array([0.0, 1.02, 1.1, 2.02, 2.1]), np.array([127.0, 0.0, 127.0, 0.0, 127.0])
    assert smeared(held, changes) == 1.0
    assert smeared(changed, changes) == 0.0
