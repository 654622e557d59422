"""Takes over days → how a piece has grown, and what to practise next.

In: a take with its alignment, findings and lesson; then the history of many. Out: what is worth
keeping of the one, `Growth` and a `PracticePlan` from the other.

**Conventions.** See `valentin.music.practice`. The clock is an argument.

**Knows nothing of** databases, pages, how notes are judged.
"""

from valentin.practising.dwelling import practised
from valentin.practising.growing import growth
from valentin.practising.planning import plan
from valentin.practising.returning import marked, reached, since
from valentin.practising.silencing import silenced

__all__ = ["growth", "marked", "plan", "practised", "reached", "silenced", "since"]
