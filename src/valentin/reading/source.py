"""A score file → its text and its format, checked before anything else looks at it.

In: a path. Out: `Source`, well formed and of a known kind: MusicXML (also zipped), MEI or
Humdrum; a score MIDI is only named, its bytes are read elsewhere.

**Conventions.** The kind is what the content says, whatever the file is called. XML that declares
entities is refused (a small file can be made to unfold into gigabytes), and so is a zip that
unpacks to more than `LARGEST_BYTES`. A lenient reader takes what is whole of a damaged text.

**Knows nothing of** music.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import unescape

from valentin.errors import ReadError
from valentin.reading.humdrum import broken_lines
from valentin.reading.salvage import salvaged_humdrum, salvaged_xml

__all__ = ["LARGEST_BYTES", "Kind", "Source", "open_source"]

Kind = Literal["musicxml", "mei", "humdrum", "midi"]
LARGEST_BYTES = 64 << 20
"""No score comes near it: the largest of our 240 has 4 MB."""

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
    data = _bytes_of(path)
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
    if "<!ENTITY" in text:
        raise _error(path, "it declares XML entities", "export the score again without a DTD")
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
    root = tree.tag.rpartition("}")[2]
    if root not in _ROOTS:
        raise _error(path, f"its XML is `{root}`, which is no score", _DO)
    return Source(_ROOTS[root], text, left_out, tree)


def _humdrum(text: str, path: Path, *, lenient: bool) -> Source:
    broken = broken_lines(text)
    if not broken:
        return Source("humdrum", text)
    if lenient:
        return Source("humdrum", *salvaged_humdrum(text))
    found = f"line {broken[0]} does not have a field for every spine"
    raise _damaged(path, found, broken[0], " or pass `--lenient`")


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise _error(path, f"it has more than {LARGEST_BYTES >> 20} MB", _DO)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise _error(path, "there is no such file", "check the name") from error
    except IsADirectoryError as error:
        raise _error(path, "that is a folder", "give the name of a file") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _error(path, f"it cannot be opened ({reason})", "check its permissions") from error
    if not data.strip():
        raise _error(path, "the file is empty", _DO)
    return data


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
