"""A plan becomes sounding notes, and sounding notes become a plan again.

`perform` and `measure` are one pair of inverses: what the one puts into seconds, the other reads
out of them. `docs/concepts/performing.md` has the formulas.

**Knows nothing of** why a plan is as it is.
"""

from valentin.performing.measuring import measure
from valentin.performing.rendering import known_alignment, perform

__all__ = ["known_alignment", "measure", "perform"]
