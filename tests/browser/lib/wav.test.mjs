import assert from "node:assert/strict";
import test from "node:test";
import { barsSaid, resolvedSaid } from "../../../src/valentin/web/lib/lesson.js";
import { checked, decibels, peakOf, pcm, processingSaid } from "../../../src/valentin/web/lib/wav.js";

test("samples are sent as 16 bits, and those that are too loud are cut off", () => {
  const blocks = [new Float32Array([0, 0.5]), new Float32Array([-1, 2])];
  const view = new DataView(pcm(blocks));
  assert.equal(view.byteLength, 8);
  assert.deepEqual([0, 1, 2, 3].map((i) => view.getInt16(2 * i, true)), [0, 16384, -32767, 32767]);
});

test("the check tells silence, soft, good and too loud apart", () => {
  assert.match(checked(0).words, /Nothing arrives/);
  assert.match(checked(0.005).words, /nearer/);
  assert.deepEqual(checked(0.5), { good: true, words: "Good: the loudest was -6 dB." });
  assert.match(checked(1).words, /Too loud/);
  assert.deepEqual([checked(0).good, checked(0.005).good, checked(1).good], [false, false, false]);
  assert.equal(peakOf(new Float32Array([0.25, -0.75])), 0.75);
  assert.equal(decibels(0), -90);
});

test("what the browser does all the same is told", () => {
  assert.equal(processingSaid({ echoCancellation: false, noiseSuppression: false, autoGainControl: false }), "");
  assert.match(processingSaid({ echoCancellation: true, autoGainControl: true }), /echo cancellation and automatic gain/);
});

test("places and what is mended are told in words", () => {
  assert.equal(barsSaid(["9", "9"]), "bar 9");
  assert.equal(barsSaid(["9", "12"]), "bars 9 to 12");
  assert.equal(resolvedSaid([]), "");
  const two = [{ bars: ["1", "2"] }, { bars: ["9", "9"] }];
  assert.match(resolvedSaid(two), /said of bars 1 to 2 and bar 9 need not/);
});
