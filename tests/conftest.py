"""What every test shares: property tests draw the same examples each time.

Set VALENTIN_FUZZ to draw new ones.
"""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("fuzz", deadline=None)
settings.load_profile("fuzz" if os.environ.get("VALENTIN_FUZZ") else "steady")
