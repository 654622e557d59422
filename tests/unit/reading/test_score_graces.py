"""Which grace belongs to the note after it, and which to the note before."""

from fractions import Fraction as F

import pytest

from valentin.reading.assembly import score_of
from valentin.reading.mei_tree import parsed
from valentin.reading.source import Source

HALF = '<note xml:id="h{}" pname="c" oct="4" dur="2"/>'
GRACE = '<note xml:id="g{}" pname="d" oct="4" dur="16" grace="acc"/>'
REST = '<rest dur="2"/>'
WHOLE = '<note xml:id="w" pname="e" oct="4" dur="1"/>'


def graces(*bars: tuple[str, ...]) -> dict[str, tuple[str, F]]:
    """Kind and onset of every grace; a bar is its layers."""
    inside = "".join(
        f'<measure n="{i}"><staff n="1">'
        + "".join(f'<layer n="{k}">{layer}</layer>' for k, layer in enumerate(layers, 1))
        + "</staff></measure>"
        for i, layers in enumerate(bars, 1)
    )
    mei = (
        '<mei><music><body><mdiv><score><scoreDef meter.count="4" meter.unit="4"><staffGrp>'
        f'<staffDef n="1" lines="5"/></staffGrp></scoreDef><section>{inside}</section>'
        "</score></mdiv></body></music></mei>"
    )
    score = score_of(parsed(mei), Source("mei", mei))
    return {n.id: (n.grace, n.onset_q) for n in score.notes if n.grace}


BEFORE, AFTER = "appoggiatura", "nachschlag"
G, H, H2 = GRACE.format(1), HALF.format(1), HALF.format(2)
CASES = {
    "before a note": (((H + G + H2,),), BEFORE, 2),
    "at the end of a bar": (((H + H2 + G,), (WHOLE,)), AFTER, 4),
    "before a rest": (((H + G + REST,),), AFTER, 2),
    "at the end of a bar, after a rest": (((H + REST + G,), (WHOLE,)), AFTER, 4),
    "after a rest, its main note in another voice": (
        ((REST + G + '<space dur="2"/>', REST + H),),
        BEFORE,
        2,
    ),
    "at the start, its main note in another voice": (((G, WHOLE),), BEFORE, 0),
    "in a group that hangs on the note before": (
        ((H + f'<graceGrp attach="pre">{G}</graceGrp>' + H2,),),
        AFTER,
        2,
    ),
    "in a beam": (((f"<beam>{H}{G}{H2}</beam>",),), BEFORE, 2),
}


@pytest.mark.parametrize("name", CASES)
def test_a_grace_belongs_to_one_note(name: str) -> None:
    bars, kind, onset_q = CASES[name]
    assert graces(*bars) == {"g1": (kind, onset_q)}
