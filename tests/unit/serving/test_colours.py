"""Paper and ink: every text colour reads on its paper (WCAG 2.2, AA: 4.5 to 1)."""

import re

import pytest

from valentin.serving.pages import web_files

BLOCKS = re.findall(r"\{([^{}]*--paper:[^{}]*)\}", web_files()["paper.css"].data.decode())


def luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])
    shares = (int(full[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["ink", "quiet", "accent", "slip"])
@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_text_reads_on_its_paper(block: str, name: str) -> None:
    colours = dict(re.findall(r"--([a-z]+):\s*(#[0-9a-f]+)", block))
    light, dark = sorted(map(luminance, (colours["paper"], colours[name])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_light_dark_by_itself_dark_by_choice_and_print_are_all_there() -> None:
    assert len(BLOCKS) == 4
