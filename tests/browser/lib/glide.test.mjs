import assert from "node:assert/strict";
import test from "node:test";
import { lastStop, sameMusic, spotAt } from "../../../src/valentin/web/lib/glide.js";

const end = () => 1000;
const stops = [
  { time: 1, line: 0, x: 100 },
  { time: 2, line: 0, x: 300 },
  { time: 4, line: 1, x: 150 },
  { time: 5, line: 0, x: 100 },
  { time: 6, line: 3, x: 100 },
];

test("the last stop is the last one not later", () => {
  assert.equal(lastStop(stops, 0.9), -1);
  assert.equal(lastStop(stops, 1), 0);
  assert.equal(lastStop(stops, 3.9), 1);
  assert.equal(lastStop(stops, 99), 4);
  assert.equal(lastStop([], 1), -1);
});

test("between stops of a line the cursor glides", () => {
  assert.deepEqual(spotAt(stops, 1.25, end), { line: 0, x: 150 });
});

test("towards the next line it glides to the end of this one", () => {
  assert.deepEqual(spotAt(stops, 3, end), { line: 0, x: 650 });
});

test("where the music goes back, or leaps, it waits", () => {
  assert.deepEqual(spotAt(stops, 4.5, end), { line: 1, x: 150 });
  assert.deepEqual(spotAt(stops, 5.5, end), { line: 0, x: 100 });
});

test("before the first stop and after the last it stands there", () => {
  assert.deepEqual(spotAt(stops, 0, end), { line: 0, x: 100 });
  assert.deepEqual(spotAt(stops, 60, end), { line: 3, x: 100 });
  assert.equal(spotAt([], 1, end), null);
});

test("the cursor never stands still while it glides, nor leaves the line", () => {
  let before = -1;
  for (let time = 1; time < 4; time += 0.01) {
    const { line, x } = spotAt(stops, time, end);
    assert.equal(line, 0);
    assert.ok(x > before && x <= 1000);
    before = x;
  }
});

test("the same music in the other sound is found between shared notes", () => {
  const from = [[0, "a"], [1, "b"], [2, "c"], [3, "d"]];
  const to = [[0.5, "a"], [2.5, "c"], [4, "d"]];
  assert.equal(sameMusic(from, to, 0), 0.5);
  assert.equal(sameMusic(from, to, 1), 1.5);
  assert.equal(sameMusic(from, to, 2.5), 3.25);
  assert.equal(sameMusic(from, to, 9), 4);
  assert.equal(sameMusic(from, [], 1), 0);
});
