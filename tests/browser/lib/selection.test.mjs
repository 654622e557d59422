import assert from "node:assert/strict";
import test from "node:test";
import { alone, ends, fromHere, named, reach, said, step } from "../../../src/valentin/web/lib/selection.js";

const NUMBERS = ["0", "1", "2", "3", "4"];

test("a bar pressed is where it begins; bars drawn over are all there is", () => {
  assert.deepEqual(ends(fromHere(2)), [2, null]);
  assert.deepEqual(ends(reach(fromHere(2), 4)), [2, 4]);
  assert.deepEqual(ends(reach(fromHere(2), 0)), [0, 2]);
  assert.deepEqual(ends(alone(3)), [3, 3]);
});

test("arrows walk and never leave the piece; with Shift they reach", () => {
  let chosen = step(null, 1, 5, false);
  assert.deepEqual(ends(chosen), [0, null]);
  for (let i = 0; i < 9; i += 1) chosen = step(chosen, 1, 5, false);
  assert.deepEqual(ends(chosen), [4, null]);
  assert.deepEqual(ends(step(null, -1, 5, false)), [4, null]);
  assert.deepEqual(ends(step(null, -Infinity, 5, false)), [0, null]);
  assert.deepEqual(ends(step(null, Infinity, 5, false)), [4, null]);
  chosen = step(fromHere(2), -1, 5, true);
  assert.deepEqual(ends(chosen), [1, 2]);
  assert.deepEqual(ends(step(chosen, -Infinity, 5, true)), [0, 2]);
  assert.deepEqual(ends(step(chosen, Infinity, 5, true)), [2, 4]);
});

test("printed numbers are found, the end after the beginning", () => {
  assert.deepEqual(ends(named(NUMBERS, "1", "3")), [1, 3]);
  assert.deepEqual(ends(named(NUMBERS, "1", "")), [1, null]);
  assert.equal(named(NUMBERS, "7", ""), null);
  assert.equal(named(NUMBERS, "3", "1"), null);
  assert.deepEqual(ends(named(["1", "2", "1", "2"], "2", "1")), [1, 2]);
});

test("the choice is told in words", () => {
  assert.equal(said(NUMBERS, null), "the whole piece");
  assert.equal(said(NUMBERS, fromHere(2)), "from bar 2 on");
  assert.equal(said(NUMBERS, alone(2)), "bar 2");
  assert.equal(said(NUMBERS, reach(fromHere(3), 1)), "bars 1 to 3");
});
