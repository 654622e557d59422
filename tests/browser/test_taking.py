"""A take from an injected MIDI keyboard, its lesson in place, and its bars played again."""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import replace
from typing import Any

import pytest
from tests.browser.midi import KEYBOARD

from valentin import pianist
from valentin.music import Performance

expect = pytest.importorskip("playwright.sync_api").expect
READY = "body[data-state=ready]"
TAKING = "body[data-state=taking][data-listening]"
LESSON = "body[data-state=lesson]"
WAIT_MS = 120_000
MENUET = "pieces/petzold-anh114"
STATUS = {"sustain": 64, "sostenuto": 66, "soft": 67}


def bytes_of(take: Performance) -> list[tuple[float, list[int]]]:
    """A performance as a MIDI keyboard would send it."""
    rows = [(n.onset_s, [0x90, n.pitch, n.velocity]) for n in take.notes]
    rows += [(n.offset_s, [0x80, n.pitch, 0]) for n in take.notes]
    rows += [(p.time_s, [0xB0, STATUS[p.control], p.value]) for p in take.pedal]
    return sorted(rows, key=lambda row: (row[0], row[1][0] == 0x90))


def performed(bars: tuple[str, str]) -> Performance:
    score, _ = pianist.read_score(pianist.piece("petzold-anh114").score)
    return pianist.play(score, pianist.Wish("rules", bars=bars)).performance


def played(bars: tuple[str, str]) -> list[tuple[float, list[int]]]:
    return bytes_of(performed(bars))


def astray() -> list[tuple[float, list[int]]]:
    """The whole menuet once, with the right hand on wrong keys for a while."""
    take = performed(("1", "32"))
    third, half = take.end_s / 3, take.end_s / 2
    notes = tuple(
        replace(n, pitch=n.pitch + 1) if third < n.onset_s < half and n.pitch > 60 else n
        for n in take.notes
    )
    return bytes_of(replace(take, notes=notes))


def at_the_piano(page: Any, address: str) -> Any:
    page.add_init_script(KEYBOARD)
    page.goto(address)
    page.wait_for_selector(READY, timeout=WAIT_MS)
    return page


def begun(page: Any) -> str:
    """A take is begun; its name."""
    page.click("#take")
    page.wait_for_selector(TAKING, timeout=WAIT_MS)
    return str(page.locator("body").get_attribute("data-listening"))


def events_of(studio: str, take: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{studio}takes/{take}/events", timeout=60) as answer:
        events: list[dict[str, Any]] = json.load(answer)["events"]
    return events


def test_every_key_and_pedal_is_on_the_disk_as_it_was_played(page: Any, studio: str) -> None:
    at_the_piano(page, studio + MENUET)
    take = begun(page)
    assert page.inner_text("#heard") == "Listening to Test piano."
    rows = [
        (0.0, [0x90, 60, 80]), (0.25, [0xB0, 64, 127]), (0.5, [0x90, 60, 0]),
        (0.75, [0x93, 64, 33]), (0.8, [0xF8]), (0.8, [0xB0, 7, 100]), (1.0, [0xB0, 67, 40]),
        (1.5, [0x83, 64, 10]), (2.0, [0xB0, 64, 0]),
    ]  # fmt: skip
    with page.expect_response(lambda r: r.url.endswith("/events")):
        page.evaluate("rows => midi.take(rows)", rows)
    expect(page.locator("#counted")).to_contain_text("2 notes")
    kept = events_of(studio, take)
    assert [(e["kind"], e["pitch"], e["value"]) for e in kept] == [
        ("down", 60, 80), ("sustain", 0, 127), ("up", 60, 0), ("down", 64, 33),
        ("soft", 0, 40), ("up", 64, 0), ("sustain", 0, 0),
    ]  # fmt: skip
    times = [e["time_s"] for e in kept]
    assert times == pytest.approx([0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0], abs=1e-3)


def test_unplugged_is_told_and_plugged_in_again_it_goes_on(page: Any, studio: str) -> None:
    at_the_piano(page, studio + MENUET)
    take = begun(page)
    page.evaluate("midi.send([0x90, 60, 80])")
    page.evaluate("midi.unplug()")
    expect(page.locator("#heard")).to_contain_text("plug one in now")
    page.evaluate("midi.send([0x90, 62, 80])")
    page.evaluate("midi.plug()")
    expect(page.locator("#heard")).to_have_text("Listening to Test piano.")
    with page.expect_response(lambda r: r.url.endswith("/events")):
        page.evaluate("midi.send([0x90, 64, 80])")
    assert [e["pitch"] for e in events_of(studio, take)] == [60, 64]


def test_while_one_plays_the_page_only_follows(page: Any, studio: str) -> None:
    at_the_piano(page, studio + MENUET)
    begun(page)
    rows = [row for row in played(("9", "12")) if row[0] < 5.0]
    page.evaluate("rows => midi.take(rows)", rows)
    here = page.locator("svg.system .cursor.here")
    expect(here).to_have_count(1)
    line = here.evaluate("line => line.closest('svg').getAttribute('aria-label')")
    first, last = map(int, re.findall(r"\d+", line))
    assert first <= 12
    assert last >= 9
    assert page.locator(".mark, .card, .wash").count() == 0


def test_a_studio_that_does_not_answer_is_told_and_nothing_is_lost(page: Any, studio: str) -> None:
    at_the_piano(page, studio + MENUET)
    take = begun(page)
    held: list[Any] = []
    page.route("**/events", lambda route: held.append(route))
    page.evaluate("midi.send([0x90, 60, 80])")
    expect(page.locator("#unsaved")).to_contain_text("does not answer", timeout=WAIT_MS)
    page.unroute("**/events")
    expect(page.locator("#unsaved")).to_have_text("", timeout=WAIT_MS)
    assert [e["pitch"] for e in events_of(studio, take)] == [60]


def test_a_page_loaded_anew_keeps_what_was_played(page: Any, studio: str) -> None:
    at_the_piano(page, studio + MENUET)
    take = begun(page)
    page.evaluate("rows => midi.take(rows)", played(("1", "2")))
    page.reload()
    page.wait_for_selector("#status a", timeout=WAIT_MS)
    assert "is kept" in page.inner_text("#status")
    assert sum(e["kind"] == "down" for e in events_of(studio, take)) > 8


def test_nothing_played_keeps_nothing(page: Any, studio: str) -> None:
    at_the_piano(page, studio + MENUET)
    begun(page)
    page.keyboard.press("Escape")
    page.wait_for_selector(READY)
    assert "nothing is kept" in page.inner_text("#status")


def test_letters_are_a_take_too(page: Any, studio: str) -> None:
    page.add_init_script("delete Navigator.prototype.requestMIDIAccess")
    page.goto(studio + MENUET)
    page.wait_for_selector(READY, timeout=WAIT_MS)
    take = begun(page)
    assert "cannot hear a MIDI keyboard" in page.inner_text("#heard")
    with page.expect_response(lambda r: r.url.endswith("/events")):
        page.keyboard.press("d")
    assert events_of(studio, take)[0]["pitch"] == 64


def test_a_take_its_lesson_its_bars_again_and_what_one_says(page: Any, studio: str) -> None:
    at_the_piano(page, studio + MENUET)
    take = begun(page)
    page.evaluate("rows => midi.take(rows)", astray())
    page.click("#done")
    page.wait_for_selector(LESSON, timeout=WAIT_MS)
    lesson = page.frame_locator("#masterclass")
    expect(lesson.locator("body[data-state=ready]")).to_have_count(1, timeout=WAIT_MS)
    remarks = page.locator("#remarks li")
    assert remarks.count() == lesson.locator(".wide .card").count() > 0
    assert remarks.first.get_by_role("button", name="I meant that").count() == 0
    meant = remarks.last.locator("button").nth(1)
    meant.click()
    expect(meant).to_have_attribute("aria-pressed", "true")
    page.click("#lesson summary")
    page.fill("#note-from", "3")
    page.fill("#note-text", "Sing the upper line.")
    page.press("#note-text", "Enter")
    expect(page.locator("#notes-kept")).to_contain_text("bar 3: Sing the upper line.")
    other = remarks.first.locator(".disagreement")
    other.get_by_role("button", name="I disagree").click()
    page.keyboard.type("My edition has a sharp.")
    page.keyboard.press("Enter")
    expect(other).to_contain_text("✓ You disagree: My edition has a sharp.")
    assert not lesson.locator("#light").is_visible(), "one switch is enough"
    page.click("#light")
    light = page.locator("html").get_attribute("data-light")
    assert lesson.locator("html").get_attribute("data-light") == light
    page.click("#light")
    with urllib.request.urlopen(f"{studio}takes/{take}/lesson/data", timeout=60) as answer:
        said = {word["kind"] for word in json.load(answer)["words"]}
    assert said == {"meant", "note", "disagree"}
    meant.click()
    expect(meant).to_have_text("I meant that")
    assert page.inner_text("#resolved") == ""
    remarks.first.locator("button").first.click()
    page.wait_for_selector(TAKING, timeout=WAIT_MS)
    bars = page.input_value("#from"), page.input_value("#to")
    assert page.inner_text("#turn") == f"Once more, bars {bars[0]} to {bars[1]}."
    page.evaluate("rows => midi.take(rows)", played(bars))
    page.keyboard.press("Escape")
    page.wait_for_selector(LESSON, timeout=WAIT_MS)
    lesson = page.frame_locator("#masterclass")
    expect(lesson.locator("[data-became=resolved]")).to_have_count(1, timeout=WAIT_MS)
    assert f"Resolved: what was said of bars {bars[0]} to {bars[1]}" in page.inner_text("#resolved")
    page.keyboard.press("Escape")
    page.wait_for_selector(READY)
    assert page.locator("score-view").is_visible()


def test_the_microphone_is_checked_recorded_as_it_is_and_sent(page: Any, studio: str) -> None:
    """Chromium's own false microphone beeps once a second, at full scale."""
    page.goto(studio + MENUET)
    page.wait_for_selector(READY, timeout=WAIT_MS)
    page.click("#listen")
    page.wait_for_selector("body[data-checked=poor]", timeout=WAIT_MS)
    assert "Too loud (0 dB)" in page.inner_text("#mic-said")
    assert page.inner_text("#mic-processing") == "", "processing is off, read back"
    page.click("#mic-record")
    expect(page.locator("#mic-clock")).to_have_text("0:02", timeout=WAIT_MS)
    with page.expect_response(lambda r: r.url.endswith("/close")) as sent:
        page.click("#mic-done")
    take = sent.value.json()["take"]
    assert take["source"] == "microphone"
    assert 2.0 <= take["duration_s"] < 20.0
    page.evaluate("lesson => fetch(lesson, { method: 'DELETE' })", take["lesson"])


def test_a_recording_outlives_its_page(page: Any, studio: str) -> None:
    page.goto(studio + MENUET)
    page.wait_for_selector(READY, timeout=WAIT_MS)
    page.click("#listen")
    page.wait_for_selector("body[data-checked]", timeout=WAIT_MS)
    with page.expect_response(lambda r: "/recordings/" in r.url and "at=" in r.url) as sent:
        page.click("#mic-record")
    assert sent.value.json()["next"] > 20_000, "some tenths of a second left the page already"
    page.reload()
    expect(page.locator("#status")).to_contain_text("recorded before the page was loaded anew")
    takes = page.request.get(studio + MENUET + "/takes").json()["takes"]
    last = max(takes, key=lambda take: take["started_s"])  # open takes are listed first
    assert last["source"] == "microphone"
    assert last["duration_s"] > 0


def test_a_file_dropped_is_a_take(page: Any, studio: str, tmp_path: Any) -> None:
    at_the_piano(page, studio + MENUET)
    score, _ = pianist.read_score(pianist.piece("petzold-anh114").score)
    file = tmp_path / "at home.mid"
    pianist.write_rendition(pianist.play(score, pianist.Wish("score")), file)
    page.set_input_files("#file", file)
    page.wait_for_selector(LESSON, timeout=WAIT_MS)
    page.click("#back")
    page.wait_for_selector(READY)


def test_bars_that_are_chosen_get_a_lesson_of_their_own(page: Any, studio: str) -> None:
    at_the_piano(page, studio + MENUET + "?from=9&to=16")
    begun(page)
    assert page.inner_text("#turn") == "Your turn: bars 9 to 16."
    page.evaluate("rows => midi.take(rows)", played(("9", "16")))
    page.click("#done")
    page.wait_for_selector(LESSON, timeout=WAIT_MS)
    lesson = page.frame_locator("#masterclass")
    expect(lesson.locator(".heard")).to_contain_text("on bars 9–16 alone", timeout=WAIT_MS)


def test_too_little_is_offered_as_what_it_is(page: Any, studio: str) -> None:
    at_the_piano(page, studio + MENUET)
    begun(page)
    page.evaluate("rows => midi.take(rows)", played(("17", "24")))
    page.click("#done")
    page.wait_for_selector(LESSON, timeout=WAIT_MS)
    offer = page.get_by_role("button", name="A lesson on bars 17 to 24 alone")
    expect(offer).to_be_visible(timeout=WAIT_MS)
    offer.click()
    lesson = page.frame_locator("#masterclass")
    expect(lesson.locator(".heard")).to_contain_text("on bars 17–24 alone", timeout=WAIT_MS)
