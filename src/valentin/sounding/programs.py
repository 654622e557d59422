"""Which General MIDI program an instrument plays, by the name that stands before its staff.

In: a part's name, Italian, German, French or English, with its number and key ("CORNO II in F.").
Out: a program 0..127.

**Conventions.** A name that says nothing, or none, is a piano. The first word known decides, so
that "Violoncello e Basso" is a cello.

**Knows nothing of** who plays what in which bar.

**Reference.** General MIDI Level 1 (MIDI Manufacturers Association, 1991), sound set.
"""

from __future__ import annotations

import re

__all__ = ["PIANO", "program_of"]

PIANO = 0
PROGRAMS = (
    (r"piano|klavier|fl[üu]gel|pianoforte|clavier", PIANO),
    (r"cembalo|clavecin|harpsichord", 6),
    (r"celesta", 8),
    (r"glockenspiel|campanelli", 9),
    (r"orgel|organo?|orgue", 19),
    (r"violoncell[oi]?|v\w*celles?|celli|cello", 42),
    (r"contrabbass[oi]|kontrab[aä](?:ß|sse?)|contrebasses?|double ?bass(?:es)?|bass[oi]?", 43),
    (r"violin[oie]?s?|geigen?|violons?", 40),
    (r"viol[ae]s?|bratschen?|altos?", 41),
    (r"arpa|harfe|harpe?", 46),
    (r"timpani|pauken?|timbales", 47),
    (r"trombon[ei]s?|posaunen?", 57),
    (r"tromb[ae]s?|tromp\w*|trumpets?", 56),
    (r"tuba", 58),
    (r"corn[oi] ingles[ei]|englisch\w*|cor anglais", 69),
    (r"corn[oi]|h[oö]rne?r?|horns?|cors?", 60),
    (r"oboe[ns]?|oboi|hautbois", 68),
    (r"fagott[oie]?|bassoons?|bassons?", 70),
    (r"clarinett[oie]s?|clarinets?|klarinetten?|clarinettes?", 71),
    (r"ottavino|piccolo|petite fl\w*", 72),
    (r"flaut[oi]|fl[öo]ten?|fl[ûu]tes?", 73),
    (r"archi|streicher|strings?|cordes", 48),
    (r"soprano?|alt|tenore?|coro|chor|choeur|voce|voice|canto|gesang", 52),
)
_KNOWN = [(re.compile(rf"(?i)(?<![^\W_])(?:{names})(?![^\W_])"), n) for names, n in PROGRAMS]


def program_of(name: str) -> int:
    """The program of a part; `PIANO` for a name that says nothing."""
    found = [
        (match.start(), i) for i, (known, _) in enumerate(_KNOWN) if (match := known.search(name))
    ]
    return _KNOWN[min(found)[1]][1] if found else PIANO
