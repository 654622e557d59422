"""How much does the tempo move when a piece is played by rules, and when it is played as written?

Usage: python docs/examples/compare_performers.py [PIECE]
"""

import sys

from valentin.music import unfold
from valentin.pianist import piece, read_score
from valentin.shaping import plan_rules, plan_score
from valentin.studying import study

score, _ = read_score(piece((sys.argv[1:] or ["chopin-op28-7"])[0]).score)
unfolded = unfold(score)
for name, plan in (
    ("as written", plan_score(unfolded)),
    ("by rules", plan_rules(unfolded, study(unfolded))),
):
    tempi = sorted(60 / s for s in plan.seconds_per_quarter)
    slow, middle, fast = (tempi[int(share * (len(tempi) - 1))] for share in (0.1, 0.5, 0.9))
    sys.stdout.write(f"{name:10} {slow:5.0f} – {middle:.0f} – {fast:.0f} quarters a minute\n")
