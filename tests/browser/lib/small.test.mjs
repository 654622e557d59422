import assert from "node:assert/strict";
import test from "node:test";
import { COUNT, LOWEST, pianoKeys, pitchOf } from "../../../src/valentin/web/lib/keys.js";
import { WIDTHS, ZOOMS, clock, firstZoom, spacesFor, zoomBy } from "../../../src/valentin/web/lib/layout.js";
import { renditionQuery, soundAddress } from "../../../src/valentin/web/lib/wish.js";

test("a line is engraved as wide as fits, and never in a width that is not engraved", () => {
  assert.equal(spacesFor(336), 68);
  assert.equal(spacesFor(200), 68);
  assert.equal(spacesFor(1100), 150);
  assert.equal(spacesFor(4000), 150);
  for (const zoom of ZOOMS) {
    for (let px = 200; px < 2000; px += 1) assert.ok(WIDTHS.includes(spacesFor(px, zoom)));
  }
});

test("a wider window never gets a narrower line, but where a telephone ends", () => {
  for (let px = 480; px < 2000; px += 1) assert.ok(spacesFor(px + 1) >= spacesFor(px));
});

test("larger notes mean fewer of them in a line", () => {
  assert.equal(spacesFor(336, 2), 36);
  for (let px = 300; px < 2000; px += 7) {
    for (let i = 1; i < ZOOMS.length; i += 1) {
      assert.ok(spacesFor(px, ZOOMS[i]) <= spacesFor(px, ZOOMS[i - 1]));
    }
  }
});

test("zoom goes step by step and stops at both ends", () => {
  assert.equal(zoomBy(1, 1), 1.25);
  assert.equal(zoomBy(1, -1), 0.85);
  assert.equal(zoomBy(ZOOMS[0], -1), ZOOMS[0]);
  assert.equal(zoomBy(2, 1), 2);
  assert.deepEqual([firstZoom(360), firstZoom(1600), firstZoom(3840)], [1, 1, 1.5]);
});

test("times are minutes and seconds", () => {
  assert.equal(clock(0), "0:00");
  assert.equal(clock(59.99), "0:59");
  assert.equal(clock(187.2), "3:07");
  assert.equal(clock(-1), "0:00");
});

test("keys of the computer are keys of the piano", () => {
  assert.equal(pitchOf("a"), 60);
  assert.equal(pitchOf("A"), 60);
  assert.equal(pitchOf("w"), 61);
  assert.equal(pitchOf("k"), 72);
  assert.equal(pitchOf("a", -1), 48);
  for (const other of ["z", " ", "Enter", "Alt", "1", ""]) assert.equal(pitchOf(other), null);
});

test("every drawn key is the key its letter strikes", () => {
  const keys = pianoKeys();
  assert.equal(keys.length, COUNT);
  assert.equal(keys[0].pitch, LOWEST);
  for (const { letter, pitch } of keys) assert.equal(pitchOf(letter), pitch);
  assert.deepEqual(keys.filter((key) => key.black).map((key) => key.pitch % 12), [1, 3, 6, 8, 10, 1]);
  assert.deepEqual([keys[0].name, keys[3].name, keys[12].name], ["C4", "E flat4", "C5"]);
  assert.ok(!keys.at(-1).black, "a black key at the end would be cut");
});

test("only what is wished is asked for", () => {
  const none = { from: "", to: "", tempo: "100", hand: "", performer: "model", character: "", seed: "" };
  assert.equal(renditionQuery(none), "tempo=1&performer=model");
  const all = { ...none, from: "9", to: "12", tempo: "85", hand: "left", character: "calm", seed: "3" };
  assert.equal(renditionQuery(all), "tempo=0.85&from=9&to=12&hand=left&performer=model&character=calm&seed=3");
  assert.ok(!renditionQuery({ ...all, performer: "rules" }).includes("character"));
  assert.ok(!renditionQuery({ ...all, performer: "score" }).includes("seed"));
});

test("instrument, hall and second belong to the sound", () => {
  assert.equal(soundAddress("/s?a=1", { instrument: "", hall: "" }, 0), "/s?a=1");
  assert.equal(soundAddress("/s?a=1", { instrument: "", hall: "salon" }, 3.14159), "/s?a=1&hall=salon&at=3.142");
});
