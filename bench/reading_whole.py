"""What a reader's score is good for: is it unfolded, played and engraved, and are its bars full?

In: a score and its engraving. Out: the exceptions met, and the bars that nothing explains.

**Conventions.** *Played*: unfolded and played by the rules, every note of the unfolded score
accounted for. *Engraved*: every system is drawn, and the notes are on them. A bar *agrees* with
its metre where it lasts what the signature says (to a sixteenth of a quarter, for rounded tuplets);
where it is the first, or makes a whole bar with one beside it or with the first (pickups, bars
around a repeat sign); or where a remark on that bar says what it lasts.

**Knows nothing of** how a score was read.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

from valentin import pianist
from valentin.music import Engraving, Score, unfold
from valentin.showing import engrave

__all__ = ["trouble", "unexplained"]

SLACK_Q = Fraction(1, 16)


def trouble(score: Score, engraving: Engraving) -> str:
    """What went wrong in unfolding, playing and engraving; "" where nothing did."""
    try:
        whole = unfold(score)
        rendition = pianist.play(score, pianist.Wish(performer="rules"))
        if len(rendition.performance.notes) < 0.5 * len(whole.notes):
            return f"played {len(rendition.performance.notes)} of {len(whole.notes)} notes"
        systems = engrave(score, engraving)
        drawn = "".join(systems)
        if not all("<svg" in system for system in systems):
            return "a system is no drawing"
        missing = sum(f'"{note.id}"' not in drawn for note in score.notes)
        if missing > 0.01 * len(score.notes):
            return f"{missing} of {len(score.notes)} notes are not drawn"
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{type(error).__name__}: {error}"
    return ""


def unexplained(score: Score) -> list[str]:
    """Bars that do not last what their metre says, with no remark that says so."""
    said = {(r.bar, r.start_q) for r in score.remarks if "lasts" in r.words}
    starts = [m.start_q for m in score.metres]
    lengths = [bar.length_q for bar in score.bars]
    found = []
    for i, bar in enumerate(score.bars):
        metre = score.metres[max(0, bisect_right(starts, bar.start_q) - 1)]
        asked = metre.bar_quarters
        beside = [lengths[j] for j in (i - 1, i + 1, 0) if 0 <= j < len(lengths) and j != i]
        completed = lengths[i] < asked and (i == 0 or any(lengths[i] + b == asked for b in beside))
        agrees = not metre.signature or abs(lengths[i] - asked) <= SLACK_Q or completed
        if not agrees and (bar.number, bar.start_q) not in said:
            found.append(bar.number)
    return found
