"""Key events, one by one → Position.

**Conventions.** The follower needs a compiler, so it is loaded when it is first asked for.

**Knows nothing of** devices and the future.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from valentin.following.doubting import strangeness

if TYPE_CHECKING:
    from valentin.following.follower import Follower, follow

__all__ = ["Follower", "follow", "strangeness"]


def __getattr__(name: str) -> Any:
    if name in {"Follower", "follow"}:
        return getattr(import_module("valentin.following.follower"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
