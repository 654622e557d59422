"""Minimal scores of one or a few bars, written as text: MusicXML, MEI, Humdrum."""

from __future__ import annotations

ALTERS = {"#": 1, "b": -1}


def note(key: str, lasts: int = 1, inside: str = "", *, head: str = "", staff: int = 1) -> str:
    """A MusicXML note such as `note("C5", 2)`; `inside` are notations, `head` goes first."""
    alter = ALTERS.get(key[1:-1], 0)
    alter_text = f"<alter>{alter}</alter>" if alter else ""
    lasting = "" if "grace" in head else f"<duration>{lasts}</duration>"
    notations = f"<notations>{inside}</notations>" if inside else ""
    return (
        f"<note>{head}<pitch><step>{key[0]}</step>{alter_text}<octave>{key[-1]}</octave></pitch>"
        f"{lasting}<voice>{4 * staff - 3}</voice><staff>{staff}</staff>{notations}</note>"
    )


def rest(lasts: int = 4, inside: str = "", staff: int = 1) -> str:
    """A MusicXML rest."""
    notations = f"<notations>{inside}</notations>" if inside else ""
    return (
        f"<note><rest/><duration>{lasts}</duration><voice>{4 * staff - 3}</voice>"
        f"<staff>{staff}</staff>{notations}</note>"
    )


def ornament(inside: str) -> str:
    """Notations that hold ornaments."""
    return f"<ornaments>{inside}</ornaments>"


def direction(inside: str) -> str:
    """A MusicXML direction above the upper staff."""
    return f"<direction placement='above'><direction-type>{inside}</direction-type></direction>"


def words(text: str) -> str:
    """Words above the upper staff."""
    return direction(f"<words>{text}</words>")


BACK = "<backup><duration>4</duration></backup>"
SCALE = "".join(note(key) for key in ("C5", "D5", "E5", "F5"))
COMMON = "<beats>4</beats><beat-type>4</beat-type>"


def musicxml(*bars: str, staves: int = 1, time: str = COMMON) -> str:
    """A whole MusicXML score, a quarter in one division."""
    signs = (("G", 2), ("F", 4), ("F", 4))[:staves]
    clefs = "".join(
        f"<clef number='{n}'><sign>{sign}</sign><line>{line}</line></clef>"
        for n, (sign, line) in enumerate(signs, 1)
    )
    first = (
        f"<attributes><divisions>1</divisions><time>{time}</time><staves>{staves}</staves>{clefs}"
        "</attributes>"
    )
    measures = "".join(
        f"<measure number='{n}'>{first if n == 1 else ''}{bar}</measure>"
        for n, bar in enumerate(bars, 1)
    )
    return (
        "<score-partwise version='4.0'><part-list><score-part id='P1'><part-name>Piano</part-name>"
        f"</score-part></part-list><part id='P1'>{measures}</part></score-partwise>"
    )


def mei(inside: str, signs: str = "", after: str = "") -> str:
    """An MEI score of one bar in 4/4, its signs, and what comes after it."""
    return (
        '<mei xmlns="http://www.music-encoding.org/ns/mei"><music><body><mdiv><score>'
        '<scoreDef meter.count="4" meter.unit="4"><staffGrp>'
        '<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/></staffGrp></scoreDef><section>'
        f'<measure n="1"><staff n="1"><layer n="1">{inside}</layer></staff>{signs}</measure>{after}'
        "</section></score></mdiv></body></music></mei>"
    )


def mei_bar(number: int, inside: str) -> str:
    """One more bar of MEI."""
    return f'<measure n="{number}"><staff n="1"><layer n="1">{inside}</layer></staff></measure>'


def mei_note(name: str, key: str, dur: int = 4) -> str:
    """A note of MEI with an id, such as `mei_note("a", "c4", 2)`."""
    return f'<note xml:id="{name}" pname="{key[0]}" oct="{key[1]}" dur="{dur}"/>'


def kern(*rows: str) -> str:
    """A Humdrum score of one spine in 4/4."""
    return "\n".join(("**kern", "*M4/4", *rows, "==", "*-", ""))
