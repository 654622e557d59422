"""Listening: a page that plays pieces of the shelf by score, rules and model, unnamed.

In: a seed, which shuffles. Out: `build/listening/index.html`, one page that works offline, with
three renditions of each piece as A, B and C; who played which is told where the listener asks.

Run: `make listening`, or `python -m bench.listening [SEED] [BARS]` (1, as many bars as there are).

**Conventions.** All three are brought to the same length, by tempo alone, and to the same mean
level, that of the quietest, and go through the same instrument: what differs is what is judged
(what is louder is liked better). Each is the default rendition, without a seed. Composers take
turns.

**Knows nothing of** who is better.
"""

from __future__ import annotations

import base64
import html
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from valentin import pianist

__all__ = ["page"]

TO = Path("build/listening/index.html")
PERFORMERS = ("score", "rules", "model")
LETTERS = "ABC"
COUNT = 4
"""Pieces on the page."""

HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Which would you rather hear?</title>
<style>
body { font: 1rem/1.5 Georgia, serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
figure { margin: .5rem 0; } audio { width: 100%; } h2 { margin-top: 2.5rem; }
</style>
<h1>Which would you rather hear?</h1>
<p>Each piece is played three times, all on one instrument and equally long: once exactly as
written, once by rules, once as learned from pianists. Listen first; then look.</p>
"""


def page(seed: int, bars: str | None = None) -> str:
    """The page, with its sounds inside."""
    rng = np.random.default_rng(seed)
    parts = [HEAD]
    for piece in _chosen():
        order = [PERFORMERS[i] for i in rng.permutation(len(PERFORMERS)).tolist()]
        parts.append(f"<h2>{html.escape(piece.composer)}: {html.escape(piece.title)}</h2>")
        parts.append(f"<p>{html.escape(piece.listen_for)}</p>")
        for letter, sound in zip(LETTERS, _sounds(piece.score, order, bars), strict=True):
            source = base64.b64encode(sound).decode("ascii")
            parts.append(
                f"<figure><figcaption>{letter}</figcaption>"
                f'<audio controls preload="none" src="data:audio/mpeg;base64,{source}"></audio>'
                "</figure>"
            )
        who = ", ".join(f"{k} is the {p}" for k, p in zip(LETTERS, order, strict=True))
        parts.append(f"<details><summary>Who played?</summary><p>{who}.</p></details>")
    return "\n".join([*parts, "</html>"])


def _chosen() -> list[pianist.Piece]:
    """The first piece of each composer, then the second, as far as COUNT."""
    turn: Counter[str] = Counter()
    order: list[tuple[int, int, pianist.Piece]] = []
    for piece in pianist.pieces():
        order.append((turn[piece.composer], len(order), piece))
        turn[piece.composer] += 1
    return [piece for _, _, piece in sorted(order, key=lambda row: row[:2])[:COUNT]]


def _sounds(score_path: Path, order: Sequence[str], bars: str | None) -> list[bytes]:
    """The renditions in that order, as MP3, all as long as the model's and equally loud."""
    score = pianist.read_score(score_path)[0]
    span = ("1", bars) if bars else None
    wishes = [pianist.Wish(performer, bars=span) for performer in order]  # type: ignore[arg-type]
    lengths = [_seconds(pianist.play(score, wish)) for wish in wishes]
    wanted = lengths[order.index("model")]
    sounds = []
    for wish, length in zip(wishes, lengths, strict=True):
        rendition = pianist.play(score, replace(wish, tempo=length / wanted))
        sounds.append(pianist.sound(rendition.performance, "modelled"))
    levels = [float(np.sqrt(np.mean(sound.samples**2))) for sound in sounds]
    return [
        pianist.encode_audio(replace(sound, samples=sound.samples * (min(levels) / level)), "mp3")
        for sound, level in zip(sounds, levels, strict=True)
    ]


def _seconds(rendition: pianist.Rendition) -> float:
    onsets = [note.onset_s for note in rendition.performance.notes]
    return max(onsets) - min(onsets)


def main(words: Sequence[str]) -> None:
    """Write the page and say where it is."""
    TO.parent.mkdir(parents=True, exist_ok=True)
    bars = words[1] if len(words) > 1 else None
    TO.write_text(page(int(words[0]) if words else 1, bars), encoding="utf-8")
    print(f"Open {TO}.")


if __name__ == "__main__":
    main(sys.argv[1:])
