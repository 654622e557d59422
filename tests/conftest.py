"""What every test shares: property tests draw the same examples each time, and the piano is ours.

Set VALENTIN_FUZZ to draw new ones. What is installed or kept on this machine does not matter to a
test, and no test leaves anything there.
"""

import os
import tempfile
from pathlib import Path

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("fuzz", deadline=None)
settings.load_profile("fuzz" if os.environ.get("VALENTIN_FUZZ") else "steady")
os.environ["VALENTIN_INSTRUMENT"] = "modelled"
_HOME = tempfile.TemporaryDirectory(prefix="valentin-home-")
os.environ["VALENTIN_HOME"] = str(Path(_HOME.name) / "home")
os.environ.pop("VALENTIN_DATABASE", None)
