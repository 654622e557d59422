"""Every file of the project that a text names is there, and every link leads somewhere."""

import re
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"(?<![\w./-])((?:bench|docs|tests|engraving|src/valentin)/[\w./-]*\.\w+)")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
BENCH = re.compile(r"python -m bench\.(\w+)")
PLACEHOLDER = re.compile(r"(?<![A-Z])(NAME|LANGUAGE)(?![A-Z])")
TEXTS = sorted(
    path
    for path in chain(
        ROOT.glob("*.md"), *(ROOT.joinpath(d).rglob("*.md") for d in ("docs", "src", "tests"))
    )
    if path.name != "CHANGELOG.md"
)
CODE = sorted(chain(*(ROOT.joinpath(d).rglob("*.py") for d in ("src", "bench", "engraving"))))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEXTS + CODE, ids=name_of)
def test_what_a_text_names_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    benches = [f"bench/{module}.py" for module in BENCH.findall(text)]
    for name in NAMED.findall(text) + benches:
        made = name.startswith("bench/results/") or PLACEHOLDER.search(name)
        assert made or (ROOT / name).exists(), name


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
