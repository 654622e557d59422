"""The first sound does not wait for libraries that only making an instrument needs."""

import subprocess
import sys

PROGRAM = """
import sys
from valentin.sounding import stream
there = {"numba", "scipy.fft", "scipy.signal", "scipy.optimize", "scipy.stats"}
print(*sorted(there & set(sys.modules)))
"""


def test_a_player_loads_no_library_that_it_does_not_use() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["numba", "scipy.fft"]
