"""Characters: one word that moves the whole of a playing, and its arcs.

In: a word. Out: what it does to loudness, touch, speed, rubato and the lead of the melody.

**Conventions.** Velocity in MIDI, touch and speed in log2 (speed + is slower), the others factors
of what the playing has anyway. A character bends a playing; written marks keep their order.

**Knows nothing of** notes.

**Reference.** P. N. Juslin, P. Laukka, "Communication of emotions in vocal expression and music
performance", Psychological Bulletin 129 (2003), table 7: tempo, loudness, articulation and their
variability by expressed character. The sizes are ours: about half of what separates two pianists.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CHARACTERS", "Character"]


@dataclass(frozen=True, slots=True)
class Character:
    """What a word changes: added velocity, touch, speed, melody; factors of contrast, rubato, lead.

    `melody` is velocity added to the melody alone.
    """

    velocity: float = 0.0
    touch: float = 0.0
    speed: float = 0.0
    melody: float = 0.0
    contrast: float = 1.0
    rubato: float = 1.0
    lead: float = 1.0


CHARACTERS = {
    "calm": Character(velocity=-5, touch=0.1, speed=0.08, contrast=0.75, rubato=0.75),
    "singing": Character(touch=0.2, speed=0.03, melody=6, rubato=1.15, lead=1.4),
    "longing": Character(velocity=-3, touch=0.15, speed=0.1, melody=2, rubato=1.4, lead=1.2),
    "passionate": Character(velocity=6, speed=-0.06, melody=2, contrast=1.25, rubato=1.3),
    "playful": Character(touch=-0.5, speed=-0.08, contrast=1.1, rubato=0.8, lead=0.8),
    "solemn": Character(touch=0.2, speed=0.18, contrast=0.9, rubato=0.7, lead=0.8),
    "brilliant": Character(velocity=5, touch=-0.25, speed=-0.12, melody=2, rubato=0.75),
    "mysterious": Character(velocity=-11, touch=0.1, speed=0.06, melody=-2, contrast=0.7),
}
"""The words, each in its direction."""
