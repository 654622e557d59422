"""Performance → Audio: instruments, dampers, soundboard, files of sound.

**Conventions.** Pedals act as on a grand: the damper is a rate, the soft pedal a timbre. The parts
that need a compiler or the signal library are loaded when they are first asked for.

**Knows nothing of** scores.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from valentin.sounding.writing import FORMATS, encode_audio, write_audio, write_blocks

if TYPE_CHECKING:
    from valentin.sounding.choosing import install, instruments, shelf
    from valentin.sounding.orchestra import orchestra_font
    from valentin.sounding.rendering import chosen, halls, render, stream
    from valentin.sounding.seeking import stream_from

__all__ = [
    "FORMATS",
    "chosen",
    "encode_audio",
    "halls",
    "install",
    "instruments",
    "orchestra_font",
    "render",
    "shelf",
    "stream",
    "stream_from",
    "write_audio",
    "write_blocks",
]

_LATER = {
    **dict.fromkeys(("install", "instruments", "shelf"), "choosing"),
    **dict.fromkeys(("chosen", "halls", "render", "stream"), "rendering"),
    "orchestra_font": "orchestra",
    "stream_from": "seeking",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"valentin.sounding.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
