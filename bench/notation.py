"""Write `docs/reference/notation.md`: every sign, where it is read, how it is played, its test.

In: the table below. Out: the page. Run: `python -m bench.notation`.

**Conventions.** Elements are named as each format names them; `—` where the format has no such sign
or Verovio gives us none of it. `tests` names functions of the tests of the project. A sign that is
not understood has the remark that names it for "how it is played".

**Knows nothing of** how a sign is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SIGNS", "Sign", "page"]

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "notation.md"

HEAD = """# Notation: every sign, where it is read and how it is played

Made by `python -m bench.notation` from the table in `bench/notation.py`; do not edit by hand. A
test compares the two and looks for every test that is named.

What a file holds is understood, or named by `valentin show`: *guessed*, *left out*, *odd*, and
words that nobody here understands. Sizes (how loud, how much slower) are in the modules that play
them.
MusicXML is read as MuseScore, Sibelius, Finale and Dorico export it; what they write differently
stands in the last group. A PDF, a photo or a scan cannot be read: export MusicXML instead.
"""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its elements by format, what a player hears of it, the tests that show it."""

    name: str
    musicxml: str
    mei: str
    humdrum: str
    played: str
    tests: tuple[str, ...]


SIGNS_OF = "tests/unit/reading/test_score_signs.py::"
TIME = "tests/unit/reading/test_score_time.py::"
COURSE = "tests/unit/reading/test_score_course.py::"
GRACES = "tests/unit/reading/test_score_graces.py::"
WORDING = "tests/unit/reading/test_score_wording.py::"
TEMPI = "tests/unit/reading/test_score_tempi.py::"
IMPLIED = "tests/unit/reading/test_score_implied.py::"
SMALL = "tests/music/test_scores.py::test_small_score"
EXPRESSIONS = "tests/unit/shaping/test_expressions.py::"
OBEYED = "tests/unit/shaping/test_marks_obeyed.py::"
ORNAMENTS = "tests/unit/shaping/test_ornaments.py::"
UNFOLDING = "tests/unit/music/test_unfolding.py::"

SIGNS: dict[str, tuple[Sign, ...]] = {
    "Ornaments": (
        Sign("trill, with an accidental", "`trill-mark`, `accidental-mark`", "`trill@accidupper`",
             "`T` `t`", "12–13 notes a second, from above before 1828, from the note after",
             (f"{SIGNS_OF}test_an_ornament_of_musicxml", f"{SIGNS_OF}test_an_ornament_of_mei",
              f"{ORNAMENTS}test_a_trill_begins_as_in_its_time_and_ends_on_its_note")),
        Sign("trill with after-notes", "`grace` after the note", "`graceGrp@attach`", "`q`",
             "the after-notes close the trill, struck once",
             (SMALL, f"{ORNAMENTS}test_a_termination_written_as_graces_is_struck_once")),
        Sign("wavy line, shake", "`wavy-line`, `shake`", "`trill@extender`", "—", "a trill",
             (f"{SIGNS_OF}test_an_ornament_of_musicxml",)),
        Sign("mordent, short trill, with an accidental", "`mordent`, `inverted-mordent`",
             "`mordent@form`", "`W` `w`, `M` `m`", "three quick notes, the neighbour by the key or "
             "the accidental; a long one is played as a short one",
             (f"{SIGNS_OF}test_an_ornament_of_musicxml", f"{SIGNS_OF}test_ornaments_of_humdrum",
              f"{ORNAMENTS}test_each_sign_has_its_notes")),
        Sign("turn, inverted turn, delayed, vertical", "`turn`, `inverted-turn`, `delayed-turn`, "
             "`delayed-inverted-turn`, `vertical-turn`", "`turn@form`", "`S`, `$`",
             "at once on a short note, before the end of a long one",
             (f"{SIGNS_OF}test_an_ornament_of_musicxml", f"{SIGNS_OF}test_ornaments_of_humdrum",
              f"{ORNAMENTS}test_each_sign_has_its_notes")),
        Sign("Haydn's ornament", "`haydn`", "—", "—", "a turn", (
            f"{SIGNS_OF}test_an_ornament_of_musicxml",)),
        Sign("slide (Schleifer)", "`schleifer`", "`ornam`", "—",
             "on the beat, from a third below",
             (f"{SIGNS_OF}test_a_slide_is_a_slide_and_no_mordent",
              f"{ORNAMENTS}test_a_slide_comes_from_a_third_below")),
        Sign("tremolo on one note", "`tremolo type=single`", "`bTrem`, `stem.mod`", "`@16@`",
             "as many strokes as its beams say",
             (f"{SIGNS_OF}test_an_ornament_of_musicxml", f"{SIGNS_OF}test_ornaments_of_humdrum",
              f"{ORNAMENTS}test_a_tremolo_repeats_evenly")),
        Sign("tremolo between two", "`tremolo type=start`", "`fTrem`", "`@@16@@`", "to and fro",
             (f"{SIGNS_OF}test_a_tremolo_between_two_notes_in_humdrum",
              f"{ORNAMENTS}test_a_tremolo_to_and_fro_alternates")),
        Sign("grace notes, slashed or not", "`grace`", "`@grace`", "`q`, `qq`",
             "before the beat; on it before 1800 where it is not slashed",
             (f"{GRACES}test_a_grace_belongs_to_one_note",
              f"{ORNAMENTS}test_romantic_graces_come_before_the_beat_in_order")),
        Sign("after-notes", "`grace steal-time-previous`", "`graceGrp@attach=pre`",
             "`q` at the end", "from the end of the note before",
             (f"{SIGNS_OF}test_grace_notes_may_take_their_time_from_the_note_before",)),
        Sign("arpeggio, up or down", "`arpeggiate`", "`arpeg@order`", "`:`",
             "from the bottom or from the top, the last note with the beat",
             (SMALL, f"{ORNAMENTS}test_a_rolled_chord_goes_its_way_and_ends_with_the_beat")),
        Sign("arpeggio across staves", "`arpeggiate number`", "`arpeg@plist`", "`::`",
             "one sign through both staves: one roll; a sign for each: both at the same time",
             (f"{SIGNS_OF}test_an_arpeggio_goes_through_both_staves_or_each_has_its_own",
              f"{EXPRESSIONS}test_two_signs_side_by_side_roll_at_the_same_time")),
        Sign("bracket against an arpeggio", "`non-arpeggiate`", "`arpeg@order=nonarp`", "—",
             "struck together",
             (f"{SIGNS_OF}test_a_bracket_against_rolling_is_no_arpeggio",)),
        Sign("glissando, slide between notes", "`glissando`, `slide`", "`gliss`", "`H`",
             "swept over white keys, black keys or all, as its ends are",
             (f"{SIGNS_OF}test_a_glissando_joins_its_ends",
              f"{EXPRESSIONS}test_a_glissando_is_swept",
              f"{EXPRESSIONS}test_a_glissando_keeps_to_its_keys")),
    ),
    "Time": (
        Sign("tuplets, nested too", "`time-modification`, `duration`", "`tuplet`, `tupletSpan`",
             "`12`, `20%3`", "exact fractions",
             (SMALL, f"{SIGNS_OF}test_nested_tuplets_of_mei_multiply",
              f"{IMPLIED}test_onsets_are_summed_with_tuplets")),
        Sign("small notes: cadenza, filigree, cue", "`cue`, `type size=cue`", "`@cue`", "`!`, `yy`",
             "played; said so where there are other players",
             ("tests/data/test_repertoire.py::test_ids_count_up_and_nothing_is_guessed",)),
        Sign("voices, cross-staff and cross-bar beams", "`voice`, `staff`", "`layer`, `@staff`",
             "spines, `*staff`", "a voice keeps its hand where it crosses over", (SMALL,)),
        Sign("three staves", "`staves`", "`staffGrp`", "spines",
             "the upper one right, the lower one left, the middle one as it is fingered",
             (f"{SIGNS_OF}test_three_staves_have_a_hand_above_and_a_hand_below",)),
        Sign("a hand named in words: m.g., m.d., l.h.", "`words`", "`dir`", "`!LO:TX`",
             "the hand of the voice that begins there", (f"{SIGNS_OF}test_words_for_a_hand",)),
        Sign("unmeasured bars", "`senza-misura`", "no `meterSig`", "no `*M`",
             "a bar is as long as its notes",
             (f"{SIGNS_OF}test_an_unmeasured_bar_is_as_long_as_its_notes",)),
        Sign("metre changes, pickups", "`time`, `implicit`", "`meterSig`", "`*M`", "—",
             (SMALL,)),
        Sign("metre in two terms (2/4 + 3/8, 3+2/4)", "`beats` twice", "`meterSigGrp@func=mixed`",
             "—", "the beat of the first term", (f"{SIGNS_OF}test_a_metre_in_two_terms",)),
        Sign("two metres at once", "`time` by part or staff", "`staffDef`", "`*M` by spine",
             "notes where they stand; beats by the first metre, which is said",
             (f"{SIGNS_OF}test_two_metres_at_once_are_named",)),
        Sign("rests of several bars", "`multiple-rest`", "`multiRest`", "—", "written out",
             (f"{TIME}test_rests_drawn_as_one_are_written_out", SMALL)),
        Sign("a bar repeated by a sign", "`measure-repeat`", "`mRpt`, `mRpt2`", "—",
             "written out, on its staff alone",
             (f"{SIGNS_OF}test_a_repeated_bar_is_written_out",
              f"{SIGNS_OF}test_a_bar_is_repeated_on_its_staff_alone",
              f"{SIGNS_OF}test_repeated_bars_of_mei")),
        Sign("a beat or half a bar repeated by a sign", "`beat-repeat`",
             "`beatRpt`, `halfmRpt`", "—",
             "written out; named where the notes before do not fit",
             (f"{SIGNS_OF}test_repeated_beats_of_musicxml_are_written_out",
              f"{SIGNS_OF}test_a_repeated_beat_of_mei_is_written_out",
              f"{SIGNS_OF}test_a_beat_that_does_not_end_where_the_sign_stands_is_named")),
        Sign("slashes for notes left to the player", "`slash`", "—", "—",
             "not understood: named", (f"{SIGNS_OF}test_what_is_not_understood_is_named",)),
        Sign("ties, across voices and bar lines", "`tie`, `tied`", "`tie`", "`[` `_` `]`",
             "one note", (SMALL, f"{TIME}test_a_tie_finds_its_own_voice_before_another")),
        Sign("ties over a repeat, into a second ending", "`tied`", "`tie`", "`]`",
             "one note on the way that joins them, struck on the way that does not",
             (SMALL, f"{TIME}test_the_second_end_of_a_tie_is_entered")),
        Sign("a tie that lets ring", "`tied type=let-ring`", "`lv`", "—", "not understood: named",
             (f"{SIGNS_OF}test_what_is_not_understood_is_named",)),
        Sign("8va, 15ma, their basses", "`octave-shift`", "`octave`", "`*8va`", "sounding pitch",
             (SMALL, f"{IMPLIED}test_an_octave_line_lifts_what_is_under_it")),
        Sign("8va that is only words", "`words`", "`dir`", "`!LO:TX`",
             "notes as they stand, which is said",
             (f"{SIGNS_OF}test_what_is_not_understood_is_named",)),
        Sign("transposing parts", "`transpose`", "`@trans.semi`", "`*ITr`", "sounding pitch",
             (SMALL,)),
    ),
    "The way through": (
        Sign("repeats, also more than twice", "`repeat times`", "`@left`, `@right`", "`:|!`",
             "as often as they say",
             (f"{COURSE}test_the_order_as_written",
              f"{COURSE}test_the_order_that_musicxml_writes")),
        Sign("voltas", "`ending`", "`ending`", "`*>[A,A]`", "each on its pass",
             (SMALL, f"{COURSE}test_a_first_ending_that_no_other_follows_is_a_guess")),
        Sign("da capo, dal segno, al Fine, coda", "`sound`, `segno`, `coda`, `words`",
             "`dir`, `repeatMark`", "`*>[…]`", "once, without the repeats",
             (SMALL, f"{COURSE}test_the_order_as_written")),
        Sign("an order that the file lists", "—", "`expansion`", "`*>[…]`", "believed",
             (f"{COURSE}test_a_listed_order_is_believed",)),
        Sign("notes for some passes only", "`time-only`", "—", "—", "on those passes", (
            f"{SIGNS_OF}test_a_note_for_one_pass_only",)),
    ),
    "Tempo": (
        Sign("tempo words, Italian, German, French", "`words`", "`tempo`, `dir`",
             "`!!!OMD`, `!LO:TX`", "a speed for each word, by the felt beat",
             (f"{WORDING}test_a_word_that_names_a_speed_is_a_tempo",
              f"{OBEYED}test_a_new_speed_holds")),
        Sign("rit., accel., cédez, zurückhaltend …", "`words`, `dashes`", "`tempo@tstamp2`",
             "`!LO:TX`", "grow to the end of their line, else to the next tempo",
             (f"{SIGNS_OF}test_the_line_of_a_rit_says_how_long",
              f"{OBEYED}test_slowing_words_slow_down_and_a_tempo_comes_back",
              f"{OBEYED}test_hurrying_words_hurry")),
        Sign("metronome marks: dots, ranges, about", "`metronome`, also as `words`",
             "`tempo@mm`, text", "`*MM`, `[quarter-dot] = 60`",
             "the speed; of a range the middle; a comma is a decimal point",
             (f"{SIGNS_OF}test_a_metronome_mark",
              f"{SIGNS_OF}test_a_metronome_mark_that_is_words",
              f"{WORDING}test_metronome_marks_are_in_quarters")),
        Sign("♩ = ♩. and l'istesso tempo", "`metronome` with two units", "text", "text",
             "a length is kept and counted anew",
             (f"{SIGNS_OF}test_a_length_that_is_counted_anew",
              f"{EXPRESSIONS}test_a_length_counted_anew_changes_the_speed")),
        Sign("tempi of the file's playback", "`sound tempo`", "`@midi.bpm`", "`*MM`",
             "where nothing is printed, and said so",
             (f"{TEMPI}test_the_playback_speaks_where_nothing_is_printed",
              f"{TEMPI}test_a_speed_in_humdrum_is_read")),
        Sign("fermata on a note", "`fermata`", "`fermata@startid`", "`;`", "its last beat waits; "
             "square and angled ones as any other",
             (SMALL, f"{OBEYED}test_a_fermata_holds")),
        Sign("fermata on a rest", "`fermata`", "`fermata@startid`", "`;`", "the silence waits",
             (SMALL, f"{EXPRESSIONS}test_a_fermata_on_a_rest_waits")),
        Sign("fermata on a bar line", "`barline/fermata`", "`fermata@tstamp`", "`;` on `=`",
             "what ends there waits",
             (f"{SIGNS_OF}test_a_fermata_on_a_bar_line_is_none_of_the_next_note",
              f"{EXPRESSIONS}test_a_fermata_on_a_bar_line_holds_what_ends_there")),
        Sign("breath mark, caesura", "`breath-mark`, `caesura`", "`breath`, `caesura`", "`,`",
             "the hands come up, and a little time passes",
             (f"{SIGNS_OF}test_breath_marks_and_caesuras_stand_after_their_notes",
              f"{EXPRESSIONS}test_a_breath_lifts_the_hands_and_takes_time")),
    ),
    "Loudness and touch": (
        Sign("levels ppp to fff, in words too", "`dynamics`, `words`", "`dynam`", "`**dynam`",
             "each louder than the one below, until the next",
             (SMALL, f"{OBEYED}test_each_dynamic_is_louder_than_the_one_below",
              f"{OBEYED}test_a_mark_holds_until_the_next")),
        Sign("sf, sfz, fz, rf, fp …", "`dynamics`", "`dynam`", "`z`, `**dynam`",
             "their notes alone; fp falls back",
             (f"{OBEYED}test_sforzando_is_louder_on_its_notes_alone",
              f"{OBEYED}test_fp_falls_back_to_piano")),
        Sign("hairpins, cresc., dim. and their lines", "`wedge`, `words`, `dashes`", "`hairpin`",
             "`<` `[` `>` `]`", "to the mark they lead to, else a step",
             (SMALL, f"{OBEYED}test_a_hairpin_goes_one_way",
              f"{OBEYED}test_a_hairpin_reaches_the_mark_that_follows")),
        Sign("accent, marcato, soft accent, stress", "`accent`, `strong-accent`, `soft-accent`, "
             "`stress`", "`@artic`", "`^`, `^^`", "louder",
             (f"{SIGNS_OF}test_soft_accents_and_stress_are_accents",
              f"{OBEYED}test_an_accent_is_louder")),
        Sign("staccato, staccatissimo, portato, tenuto", "`staccato`, `staccatissimo`, `spiccato`, "
             "`detached-legato`, `tenuto`", "`@artic`", "`'`, `` ` ``, `~`", "shorter; longer",
             (SMALL, f"{SIGNS_OF}test_rare_articulations",
              f"{OBEYED}test_detached_notes_are_shorter",
              f"{OBEYED}test_staccatissimo_is_the_shortest",
              f"{OBEYED}test_tenuto_is_longer")),
        Sign("slurs, phrase marks", "`slur`", "`slur`, `phrase`", "`(` `)`",
             "legato to the last note",
             (SMALL, f"{OBEYED}test_a_slur_binds_all_its_notes_but_the_last")),
        Sign("scoops, falls, plucked notes, mutes …", "`scoop`, `doit`, `snap-pizzicato`, …",
             "—", "—", "not understood: named",
             (f"{SIGNS_OF}test_what_is_not_understood_is_named",)),
    ),
    "Character": (
        Sign("dolce, cantabile, con fuoco, leggiero, pesante, misterioso …", "`words`", "`dir`",
             "`!LO:TX`", "softer, louder, shorter, longer, faster, slower, as the word says",
             (f"{EXPRESSIONS}test_a_word_moves_the_playing_its_way",
              f"{EXPRESSIONS}test_the_next_dynamic_ends_a_word")),
        Sign("en dehors, marcato il canto, hervortretend", "`words`", "`dir`", "`!LO:TX`",
             "the melody stands out", (f"{EXPRESSIONS}test_a_song_stands_out",)),
        Sign("smorzando, morendo, perdendosi, verklingend", "`words`", "`dir`, `tempo`", "`!LO:TX`",
             "fade, and slow down", (f"{EXPRESSIONS}test_a_word_that_fades_fades",
                                     f"{WORDING}test_what_also_fades_stays_words")),
        Sign("a word that nobody here knows", "`words`", "`dir`", "`!LO:TX`", "named by `show`",
             (f"{EXPRESSIONS}test_what_nobody_understands_is_named",)),
    ),
    "Feet": (
        Sign("pedal down, up, change", "`pedal`", "`pedal@dir`", "`*ped`, `*Xped`",
             "just after the beat, as feet do", (SMALL, f"{OBEYED}test_pedal_marks_are_played")),
        Sign("half pedal", "`words`: ½ Ped., demi-pédale", "`pedal@dir=half`", "`!LO:TX`",
             "half down", (f"{SIGNS_OF}test_a_pedal_in_words_holds_to_its_asterisk",
                           f"{EXPRESSIONS}test_half_a_pedal_is_half_down")),
        Sign("Ped. and * as words, con Ped., senza Ped.", "`words`", "`dir`", "`!LO:TX`",
             "held to the asterisk; left to the player; none",
             (f"{SIGNS_OF}test_a_pedal_in_words_holds_to_its_asterisk",
              f"{SIGNS_OF}test_an_asterisk_alone_is_a_footnote",
              f"{EXPRESSIONS}test_no_pedal_where_it_is_forbidden")),
        Sign("sostenuto pedal", "`pedal type=sostenuto`, `words`", "`pedal@func=sostenuto`",
             "`!LO:TX`", "the middle pedal, after the keys",
             (f"{SIGNS_OF}test_the_middle_pedal_is_no_right_pedal",
              f"{SIGNS_OF}test_the_pedals_of_mei",
              f"{EXPRESSIONS}test_the_middle_pedal_is_played")),
        Sign("una corda, tre corde, due corde, 2 Ped., mit Verschiebung", "`words`",
             "`dir`, `pedal@func=soft`", "`!LO:TX`", "the left pedal",
             (f"{WORDING}test_a_text_is_of_its_kind",
              f"{OBEYED}test_una_corda_is_played_and_taken_back")),
    ),
    "Fingers": (
        Sign("printed fingering, also a change on the key", "`fingering`", "`fing`", "`**fing`",
             "kept by `show --fingering`",
             (f"{SIGNS_OF}test_printed_fingers_of_musicxml",
              f"{SIGNS_OF}test_printed_fingers_of_mei",
              f"{SIGNS_OF}test_printed_fingers_of_humdrum")),
    ),
    "What programs write differently": (
        Sign("notes without ids, with the same id", "`note`", "—", "line and field", "an id each",
             (f"{TIME}test_every_note_gets_an_id_of_its_own",)),
        Sign("forwards and backups beyond the bar (Finale, MuseScore)", "`forward`, `backup`", "—",
             "—", "counted exactly", (f"{TIME}test_no_cursor_goes_before_its_bar",
                                      f"{TIME}test_a_forward_fills_the_voice_it_follows")),
        Sign("timewise scores", "`score-timewise`", "—", "—", "turned",
             (f"{TIME}test_a_timewise_score_is_turned",)),
        Sign("words on two lines (Sibelius)", "`words`", "—", "—", "kept apart",
             (f"{TIME}test_words_on_two_lines_stay_two_words",)),
        Sign("a tempo of 100 or 120 that nobody set (Sibelius, MuseScore)", "`sound tempo`", "—",
             "—", "not believed", (f"{TEMPI}test_the_playback_speaks_where_nothing_is_printed",)),
        Sign("hidden notes that spell out an ornament (MuseScore)", "`print-object=no`",
             "`@visible`", "`yy`", "played instead of the sign",
             (f"{ORNAMENTS}test_an_ornament_that_is_spelled_out_is_left_to_its_notes",)),
        Sign("metronome marks, pedals and dynamics as text (all)", "`words`", "`dir`", "`!LO:TX`",
             "as the signs they are",
             (f"{SIGNS_OF}test_a_metronome_mark_that_is_words",
              f"{WORDING}test_a_text_is_of_its_kind")),
        Sign("a zipped score", "`.mxl`", "—", "—", "—", (SMALL,)),
    ),
}  # fmt: skip


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for title in SIGNS for line in _table(title))])


def _table(title: str) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| Sign | MusicXML | MEI | Humdrum | How it is played | Test |"
    yield "|---|---|---|---|---|---|"
    for sign in SIGNS[title]:
        tests = ", ".join(f"`{test.rpartition('::')[2]}`" for test in sign.tests)
        cells = (sign.name, sign.musicxml, sign.mei, sign.humdrum, sign.played, tests)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
