"""Align a take and list the bars that need another look, worst first.

Usage: python docs/examples/where_it_went_wrong.py SCORE TAKE
"""

import sys
from bisect import bisect_right
from collections import Counter
from pathlib import Path

from valentin.pianist import align, read_score, read_take

score_path, take_path = map(Path, sys.argv[1:3])
score, _ = read_score(score_path)
heard = align(score, read_take(take_path))
starts = [bar.start_q for bar in heard.score.bars]
onset_q = {note.id: note.onset_q for note in heard.score.notes}
trouble = Counter(
    heard.score.bars[bisect_right(starts, onset_q[match.score_id]) - 1].number
    for match in (*heard.alignment.wrong, *heard.alignment.missed)
)
for bar, count in trouble.most_common(5):
    sys.stdout.write(f"bar {bar}: {count} notes wrong or missed\n")
sys.stdout.write(f"{heard.alignment.coverage:.0%} of the piece was heard\n")
