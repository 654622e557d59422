"""Recording → Performance: which keys and pedals went down and up, and how hard.

**Conventions.** Times are seconds of the recording. The parts that need a compiler or the network
are loaded when they are first asked for.

**Knows nothing of** scores, except the one filter that is given one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from valentin.hearing.informing import informed, settled
    from valentin.hearing.listening import Heard, hear, heard
    from valentin.hearing.recordings import PHONE_SUFFIXES, SUFFIXES, open_recording

__all__ = [
    "PHONE_SUFFIXES",
    "SUFFIXES",
    "Heard",
    "hear",
    "heard",
    "informed",
    "open_recording",
    "settled",
]

_LATER = {
    **dict.fromkeys(("informed", "settled"), "informing"),
    **dict.fromkeys(("Heard", "hear", "heard"), "listening"),
    **dict.fromkeys(("PHONE_SUFFIXES", "SUFFIXES", "open_recording"), "recordings"),
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"valentin.hearing.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
