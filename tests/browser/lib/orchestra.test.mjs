import assert from "node:assert/strict";
import { test } from "node:test";
import { Bridge, Offset, level, recorded } from "../../../src/valentin/web/lib/orchestra.js";

test("every pitch is played from the nearest recording, bent by what is left", () => {
  assert.deepEqual(recorded([40, 43, 46], 43), { number: 1, cents: 0 });
  assert.deepEqual(recorded([40, 43, 46], 44), { number: 1, cents: 100 });
  assert.deepEqual(recorded([40, 43, 46], 39), { number: 0, cents: -100 });
  assert.deepEqual(recorded([40, 43, 46], 60), { number: 2, cents: 1400 });
});

test("a note struck as it was recorded is as loud", () => {
  assert.equal(level(80, 80), 1);
  assert.ok(level(40, 80) < 0.5);
});

test("the quickest answer says how far the clocks are apart", () => {
  const offset = new Offset();
  offset.told(10, 110.03, 10.04);
  assert.ok(Math.abs(offset.offset_s + 100.01) < 1e-9);
  offset.told(11, 111.001, 11.002);
  assert.ok(Math.abs(offset.offset_s + 100) < 1e-9);
  offset.told(12, 112.3, 12.4);
  assert.ok(Math.abs(offset.offset_s + 100) < 1e-9, "a slow answer tells less");
  assert.ok(Math.abs(offset.way_s - 0.002) < 1e-9);
});

test("readings that came late do not move a start, a clock set anew does", () => {
  const bridge = new Bridge();
  for (let i = 0; i < 100; i += 1) bridge.read(5 + i - (i % 3 ? 0 : 0.05), 105 + i);
  assert.ok(Math.abs(bridge.start(106) - 6) < 1e-9);
  assert.ok(Math.abs(bridge.heard(bridge.start(106)) - 106) < 1e-9);
  for (let i = 0; i < 100; i += 1) bridge.read(5.5 + i, 205 + i);
  assert.ok(Math.abs(bridge.start(306) - 106.5) < 1e-9);
});
