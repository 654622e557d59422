"""Files ↔ words: MusicXML, MXL, MEI, Humdrum, MIDI, .match, and lessons as JSON.

In: paths. Out: `Score` with its `Engraving`, `Performance`, `Alignment`, `Lesson`; and the way
back.

**Knows nothing of** tempo choices, pages. No foreign object leaves this room.
"""

from valentin.reading.lessons import lesson_of, read_lesson
from valentin.reading.match import read_match
from valentin.reading.match_writing import write_match
from valentin.reading.midi import read_take
from valentin.reading.midi_writing import write_midi
from valentin.reading.scores import read_score

__all__ = [
    "lesson_of", "read_lesson", "read_match", "read_score", "read_take", "write_match",
    "write_midi",
]  # fmt: skip
