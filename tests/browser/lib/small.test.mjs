import assert from "node:assert/strict";
import test from "node:test";
import { pitchOf } from "../../../src/valentin/web/lib/keys.js";
import { WIDTHS, clock, spacesFor } from "../../../src/valentin/web/lib/layout.js";

test("a line is engraved as wide as fits, and never in a width that is not engraved", () => {
  assert.equal(spacesFor(336), 68);
  assert.equal(spacesFor(200), WIDTHS[0]);
  assert.equal(spacesFor(1100), 150);
  assert.equal(spacesFor(4000), 150);
  for (let px = 200; px < 2000; px += 1) assert.ok(WIDTHS.includes(spacesFor(px)));
});

test("a wider window never gets a narrower line, but where a telephone ends", () => {
  for (let px = 480; px < 2000; px += 1) assert.ok(spacesFor(px + 1) >= spacesFor(px));
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
  for (const other of ["z", " ", "Enter", "Alt", "1", ""]) assert.equal(pitchOf(other), null);
});
