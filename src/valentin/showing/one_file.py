"""What every page that is one file is made of: its scripts and styles inside, nothing from outside.

In: names of files of `valentin/web`. Out: their text, joined, and the content security policy that
allows these and no others.

**Knows nothing of** what is on a page.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

__all__ = ["joined_script", "policy", "web_text"]

_WEB = files("valentin") / "web"


def web_text(*names: str) -> str:
    """Files of `valentin/web`, one after another."""
    return "".join(_WEB.joinpath(name).read_text(encoding="utf-8") for name in names)


def joined_script(*names: str) -> str:
    """Modules one after another as one script, what they export and import being one scope."""
    lines = [line for name in names for line in web_text(name).splitlines()]
    kept = [line.removeprefix("export ") for line in lines if not line.startswith("import ")]
    return '(() => {\n"use strict";\n' + "\n".join(kept) + "\n})();\n"


def policy(style: str, script: str, media: str = "data:") -> str:
    """Only this file's own style and script, and sound that lies inside it."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        f"media-src {media}; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
