"""Words → what people see: SVG, HTML, JSON, plain text.

In: Score, Engraving, Alignment, Lesson, Curves. Out: texts; nothing is written to a file here.

**Knows nothing of** HTTP, files, how anything was measured.
"""

from valentin.showing.alignment_tables import alignment_json, alignment_summary, alignment_tsv
from valentin.showing.cue_words import cues_json, cues_summary
from valentin.showing.cursor import cursor_steps
from valentin.showing.duo_page import duo_page
from valentin.showing.duo_words import duo_json, duo_text
from valentin.showing.engraving import engrave
from valentin.showing.fingering_page import fingering_page
from valentin.showing.fingering_words import fingering_json, fingering_text
from valentin.showing.growth_picture import growth_picture, growth_table
from valentin.showing.heard_words import heard_json, heard_summary
from valentin.showing.lesson_data import lesson_json
from valentin.showing.lesson_page import lesson_page
from valentin.showing.lesson_words import lesson_text
from valentin.showing.listening import listening_page, page_name
from valentin.showing.positions import position_json, positions_summary
from valentin.showing.pulse import pulse
from valentin.showing.score_words import rendition_summary, score_json, score_summary

__all__ = [
    "alignment_json",
    "alignment_summary",
    "alignment_tsv",
    "cues_json",
    "cues_summary",
    "cursor_steps",
    "duo_json",
    "duo_page",
    "duo_text",
    "engrave",
    "fingering_json",
    "fingering_page",
    "fingering_text",
    "growth_picture",
    "growth_table",
    "heard_json",
    "heard_summary",
    "lesson_json",
    "lesson_page",
    "lesson_text",
    "listening_page",
    "page_name",
    "position_json",
    "positions_summary",
    "pulse",
    "rendition_summary",
    "score_json",
    "score_summary",
]
