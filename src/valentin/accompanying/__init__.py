"""Position + orchestra Plan → timed orchestra events.

**Knows nothing of** devices, how the position was found.
"""

from valentin.accompanying.accompanist import Accompanist
from valentin.accompanying.expecting import yielding
from valentin.accompanying.parting import apart, hands_apart, live_of, solo_apart, soloist_of
from valentin.accompanying.rehearsing import Doing, Rehearsal
from valentin.accompanying.replaying import accompanied, begins_p, notes_of, replayed
from valentin.accompanying.stand import Stand

__all__ = [
    "Accompanist",
    "Doing",
    "Rehearsal",
    "Stand",
    "accompanied",
    "apart",
    "begins_p",
    "hands_apart",
    "live_of",
    "notes_of",
    "replayed",
    "solo_apart",
    "soloist_of",
    "yielding",
]
