"""What stands beside the notes and is not played is named, once."""

from pathlib import Path

from tests.unit.reading.small_scores import mei, mei_note, musicxml, note

from valentin.reading import read_score

HARMONY = "<harmony><root><root-step>C</root-step></root><kind>major</kind></harmony>"
LYRIC = "<lyric number='1'><syllabic>single</syllabic><text>la</text></lyric>"


def remarks(tmp_path: Path, text: str, name: str) -> list[tuple[str, str, str]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [(r.kind, r.words, r.bar) for r in read_score(path)[0].remarks]


def test_chord_symbols_and_song_texts_of_musicxml(tmp_path: Path) -> None:
    sung = note("C5", 2).replace("</note>", f"{LYRIC}</note>")
    bar = HARMONY + sung + HARMONY + note("D5", 2)
    assert sorted(remarks(tmp_path, musicxml(bar, bar), "song.musicxml")) == [
        ("left-out", "2 syllables of a song text are not played, the first here", "1"),
        ("left-out", "4 chord symbols are not played, the first here", "1"),
    ]


def test_figures_and_one_syllable_of_mei(tmp_path: Path) -> None:
    sung = mei_note("a", "c4", 1).replace("/>", "><verse n='1'><syl>la</syl></verse></note>")
    signs = '<harm tstamp="1"><fb><f>6</f></fb></harm>'
    found = remarks(tmp_path, mei(sung, signs), "sung.mei")
    assert not any("chord symbol" in words for _, words, _ in found)
    assert ("left-out", "one figured bass is not played, the first here", "1") in found
    assert ("left-out", "one syllable of a song text is not played, the first here", "1") in found
