"""Score + Performance → Alignment, many-to-one, in runs.

**Conventions.** The aligner needs a compiler, so it is loaded when it is first asked for.

**Knows nothing of** quality.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from valentin.aligning.aligner import align

__all__ = ["align"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("valentin.aligning.aligner"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
