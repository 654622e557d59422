"""What axe-core finds wrong with a page, and what is serious of it.

**Reference.** Deque, axe-core: impacts are minor, moderate, serious, critical.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

__all__ = ["found"]

RUN = """async () => {
  const told = await axe.run(document, { resultTypes: ["violations"] });
  return told.violations.map(({ id, impact, nodes }) =>
    [impact, id, nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")]);
}"""


def found(page: Any, *impacts: str) -> list[tuple[str, str, str]]:
    """(impact, rule, where) of what is wrong, of these impacts (serious and critical)."""
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    source = files("axe_playwright_python") / "axe.min.js"
    page.evaluate(source.read_text(encoding="utf-8") + "\n; undefined")
    wanted = impacts or ("serious", "critical")
    return [tuple(row) for row in page.evaluate(RUN) if row[0] in wanted]
