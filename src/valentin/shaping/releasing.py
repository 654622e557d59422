"""Let a key up in time: before it is struck again, and before its string has died away.

In: a draft whose timing stands. Out: the same, no note held into the next stroke of its key, and
none beyond its written time for longer than a piano sounds.

**Conventions.** A unison (one key, written at one onset in two voices) is one stroke: neither of
its notes ends for the other. A grace note is a stroke of its own.

**Knows nothing of** why notes are long or short.

**Reference.** None.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from valentin.music import NoteColumns, TempoCurve
from valentin.shaping.draft import Draft

__all__ = ["released"]

RELEASE_GAP_S = 0.04
"""Seconds a key must be up before it is struck again (a hammer's repetition time is 0.04–0.06)."""

LONGEST_S = 8.0
"""Seconds for which a key is held beyond what is written: by then the middle of a piano has lost
some 40 dB (`bench/sounding.py`), and nobody holds a last chord for half a minute."""

LEAST_LIMIT = 0.01
"""Articulation below which a limit is a matter of ornaments, which place their notes themselves."""


def released(notes: NoteColumns, draft: Draft) -> Draft:
    """The draft with every key up before its next stroke."""
    curve = TempoCurve(notes.onsets_q, draft.seconds_per_quarter)
    start = curve.seconds(notes.onset_q) - draft.lead_s
    nominal = curve.seconds(notes.onset_q + notes.duration_q) - curve.seconds(notes.onset_q)
    order = np.lexsort((start, notes.pitch))
    pitch, written = notes.pitch[order], (2 * notes.group + notes.grace)[order]
    new = (np.diff(pitch, prepend=-1) != 0) | (np.diff(written, prepend=-1) != 0)
    stroke = np.cumsum(new) - 1
    following = np.append(order[new], -1)[stroke + 1]
    again = (following >= 0) & (notes.pitch[following] == pitch) & (nominal[order] > 0)
    here, after = order[again], following[again]
    room = start[after] - start[here]
    limit = np.maximum(room - RELEASE_GAP_S, 0.5 * room) / nominal[here]
    held = draft.articulation.copy()
    longest = np.maximum(LONGEST_S / np.maximum(nominal, LONGEST_S / 10), 1.0)
    held = np.where(nominal > 0, np.minimum(held, longest), held)
    held[here] = np.where(limit > LEAST_LIMIT, np.minimum(held[here], limit), held[here])
    return replace(draft, articulation=held)
