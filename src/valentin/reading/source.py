"""A score file → its text and its format, checked before anything else looks at it.

In: a path. Out: `Source`, well formed and of a known kind: MusicXML (also zipped), MEI or
Humdrum; a score MIDI is only named, its bytes are read elsewhere.

**Conventions.** The kind is what the content says, whatever the file is called. A name of a DTD is
passed over; XML that brings a DTD of its own is refused (entities and default attributes make a
small file unfold into gigabytes), and so are a zip that unpacks to more than `LARGEST_BYTES`,
elements nested beyond `DEEPEST`, control characters. A lenient reader takes what is whole of a
damaged text.

**Knows nothing of** music.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat
from xml.sax.saxutils import unescape

from valentin.errors import ReadError
from valentin.reading.bounded import bytes_of
from valentin.reading.humdrum import broken_lines
from valentin.reading.salvage import salvaged_humdrum, salvaged_xml

__all__ = ["LARGEST_BYTES", "Kind", "Source", "open_source"]

Kind = Literal["musicxml", "mei", "humdrum", "midi"]
LARGEST_BYTES = 64 << 20
"""No score comes near it: the largest of our 240 has 4 MB."""
MOST_TAGS = 4_000_000
"""Tags and attributes; the tree then takes half a gigabyte. The most in our 240 is 0.27 million."""
DEEPEST = 100
"""Elements inside one another: our MusicXML has 8 levels."""

_ROOTS: dict[str, Kind] = {
    "score-partwise": "musicxml",
    "score-timewise": "musicxml",
    "mei": "mei",
}
_DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, OSError, EOFError, RuntimeError,
    NotImplementedError, ValueError, KeyError,
)  # fmt: skip
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([\w.-]+)")
_FULL_PATH = re.compile(r"""full-path\s*=\s*["']([^"']+)["']""")
_DECLARATION = re.compile(r"<\?xml[^>]*\?>\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_LINE_END = re.compile(r"\r\n?")
_NO_LINE_END = re.compile("[\x85\u2028\u2029]")
"""Line ends to Python, but not to Verovio, whose ids count lines."""
_DOS_END = "\x1a"
_DO = "give a MusicXML, MXL, MEI, Humdrum or MIDI score"


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a score file ("" for a score MIDI), and what of it had to be left out.

    `tree` is the same as a tree, where it is XML.
    """

    kind: Kind
    text: str = field(repr=False)
    left_out: str = ""
    tree: Element | None = field(default=None, repr=False)


def open_source(path: Path, *, lenient: bool = False) -> Source:
    """What the file holds, by its content.

    Raises ReadError for a file that is missing, empty, too large, no score, or damaged (where
    `lenient`, only if nothing of it is whole).
    """
    data = bytes_of(path, LARGEST_BYTES)
    if not data.strip():
        raise _error(path, "the file is empty", _DO)
    if data.startswith(b"MThd"):
        return Source("midi", "")
    if data.startswith(b"PK\x03\x04"):
        data = _unzipped(data, path)
    if data.startswith(b"%PDF"):
        raise _error(path, "that is a PDF, a picture of a score", "export MusicXML instead")
    text = _decoded(data, path)
    start = text.lstrip()[:1]
    if start == "<":
        return _xml(text, path, lenient=lenient)
    if start in ("!", "*") and _is_humdrum(text):
        return _humdrum(text, path, lenient=lenient)
    raise _error(path, "that is no score format known here", _DO)


def _xml(text: str, path: Path, *, lenient: bool) -> Source:
    text = _DECLARATION.sub("", text.lstrip(), count=1)
    if _has_dtd(text):
        raise _error(path, "it brings a DTD of its own", "export the score again without one")
    if text.count("<") + text.count("=") > MOST_TAGS:
        raise _error(path, "it has more elements than any score", _DO)
    left_out, line = "", 0
    try:
        tree = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        line = error.position[0]
        text, left_out = salvaged_xml(text) if lenient else ("", "")
        if not text:
            found = f"the XML breaks off or is damaged at line {line}"
            raise _damaged(path, found, line, "" if lenient else " or pass `--lenient`") from error
        tree = ElementTree.fromstring(text)
    if _deeper_than(tree, DEEPEST):
        raise _error(path, f"its elements lie more than {DEEPEST} deep in one another", _DO)
    root = tree.tag.rpartition("}")[2]
    if root not in _ROOTS:
        raise _error(path, f"its XML is `{root}`, which is no score", _DO)
    return Source(_ROOTS[root], text, left_out, tree)


class _Enough(Exception):
    """Ends a parse that has seen what it wanted."""


def _has_dtd(text: str) -> bool:
    """Whether a document type declaration holds more than a name; nothing in it is carried out."""
    found = []

    def declared(name: str, system: str | None, public: str | None, inside: bool) -> None:
        found.append(bool(inside))
        raise _Enough

    def begun(name: str, attributes: object) -> None:
        raise _Enough

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    with suppress(_Enough, expat.ExpatError):
        parser.Parse(text, True)
    return any(found)


def _deeper_than(tree: Element, most: int) -> bool:
    level = [tree]
    for _ in range(most):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def _humdrum(text: str, path: Path, *, lenient: bool) -> Source:
    text = _NO_LINE_END.sub(" ", _LINE_END.sub("\n", text)).rstrip(_DOS_END)
    left_out = ""
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        if not lenient:
            found = f"line {line} holds a control character"
            raise _damaged(path, found, line, " or pass `--lenient`")
        text, left_out = _CONTROL.sub(" ", text), "control characters"
    broken = broken_lines(text)
    if not broken:
        return Source("humdrum", text, left_out)
    if lenient:
        text, lines = salvaged_humdrum(text)
        return Source("humdrum", text, f"{left_out}; {lines}" if left_out else lines)
    found = f"line {broken[0]} does not have a field for every spine"
    raise _damaged(path, found, broken[0], " or pass `--lenient`")


def _unzipped(data: bytes, path: Path) -> bytes:
    """The score inside an MXL container."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        with archive, archive.open(_rootfile(archive, path)) as member:
            inner = member.read(LARGEST_BYTES + 1)
    except _DAMAGED as error:
        raise _error(path, "the zip container is damaged", "export the score again") from error
    if len(inner) > LARGEST_BYTES:
        found = f"it unpacks to more than {LARGEST_BYTES >> 20} MB"
        raise _error(path, found, _DO)
    return inner


def _rootfile(archive: zipfile.ZipFile, path: Path) -> str:
    names = [n for n in archive.namelist() if not n.startswith("META-INF/")]
    if "META-INF/container.xml" in archive.namelist():
        with archive.open("META-INF/container.xml") as member:
            container = member.read(1 << 16)
        named = _FULL_PATH.findall(container.decode("utf-8", "replace"))
        if rootfile := next((name for name in map(unescape, named) if name in names), ""):
            return rootfile
    scores = [n for n in names if n.lower().endswith((".xml", ".musicxml", ".mei"))]
    if not scores:
        raise _error(path, "the zip holds no score", _DO)
    return scores[0]


def _decoded(data: bytes, path: Path) -> str:
    """Text in the encoding that its first bytes name, else UTF-8; old Humdrum may be Latin-1."""
    named = _ENCODING.search(data[:200])
    encoding = named.group(1).decode("ascii").lower() if named else "utf-8"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except (UnicodeDecodeError, LookupError):
        if data.lstrip()[:1] in (b"!", b"*", b"<"):
            return data.decode("latin-1")
        raise _error(path, "that is no text and no score", _DO) from None


def _is_humdrum(text: str) -> bool:
    """Whether some line opens a **kern spine (a reference record alone is no score)."""
    return any("**kern" in line for line in text.splitlines() if line.startswith("**"))


def _error(path: Path, found: str, do: str) -> ReadError:
    return ReadError(f"Reading `{path.name}`: {found}; {do}.", path=str(path))


def _damaged(path: Path, found: str, line: int, way_out: str) -> ReadError:
    message = f"Reading `{path.name}`: {found}; export the score again{way_out}."
    return ReadError(message, path=str(path), place=f"line {line}")
