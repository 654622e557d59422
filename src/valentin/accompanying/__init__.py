"""Position + orchestra Plan → timed orchestra events.

**Knows nothing of** devices, how the position was found.
"""

from valentin.accompanying.parting import hands_apart, live_of, solo_apart, soloist_of

__all__ = ["hands_apart", "live_of", "solo_apart", "soloist_of"]
