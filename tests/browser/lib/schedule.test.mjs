import assert from "node:assert/strict";
import test from "node:test";
import { beatsDue, musicTime, nextPass, tick } from "../../../src/valentin/web/lib/passes.js";
import { LEAD_S, RATE_HZ, Schedule, heardAt } from "../../../src/valentin/web/lib/schedule.js";

const frame = (second) => Math.round(second * RATE_HZ);

test("blocks follow one another to the very frame", () => {
  const schedule = new Schedule(RATE_HZ);
  const begun = schedule.begin(0.1234567);
  let due = frame(begun);
  for (let i = 0; i < 5000; i += 1) {
    const frames = 1 + ((i * 7919) % 9000);
    const { at, late } = schedule.place(frames, 0);
    assert.equal(frame(at), due);
    assert.ok(Math.abs(at * RATE_HZ - due) < 1e-4, "a block begins on a frame");
    assert.equal(late, 0);
    due += frames;
  }
  assert.equal(frame(schedule.until), due);
});

test("a block that comes too late moves all after it, once", () => {
  const schedule = new Schedule(RATE_HZ);
  schedule.begin(1);
  schedule.place(RATE_HZ, 0.9);
  const { at, late } = schedule.place(100, 5);
  assert.ok(at >= 5 + LEAD_S - 1e-9 && at < 5 + LEAD_S + 1e-3);
  assert.ok(Math.abs(late - (at - 2)) < 1e-9);
  assert.equal(schedule.place(100, 5).late, 0);
});

test("what is heard is what the clock's stamp says, where that can be", () => {
  const clock = { currentTime: 10, outputLatency: 0.04, baseLatency: 0.01 };
  assert.equal(heardAt(clock, undefined, 0), 9.96);
  assert.equal(heardAt({ currentTime: 10 }, {}, 0), 10);
  assert.ok(Math.abs(heardAt(clock, { contextTime: 9.9, performanceTime: 1000 }, 1025) - 9.925) < 1e-9);
  assert.equal(heardAt(clock, { contextTime: 2, performanceTime: 1000 }, 1025), 9.96);
});

test("music goes on through a loop, and begins anew where its bars begin", () => {
  const first = { origin: 100, from: 3 };
  const second = nextPass(first, -0.5, 8);
  assert.equal(second.origin, 108.5);
  const passes = [first, { ...second, from: 0 }];
  assert.equal(musicTime([], 1), null);
  assert.equal(musicTime(passes, 102), 2, "before it begins it is being counted in");
  assert.equal(musicTime(passes, 107), 7);
  assert.equal(musicTime(passes, 109.5), 1);
});

test("every beat is due once, however the time is cut", () => {
  const beats = Array.from({ length: 40 }, (_, i) => [i * 0.37, i % 4 === 0 ? 1 : 0]);
  const due = [];
  for (let from = 50; from < 70; from += 0.173) due.push(...beatsDue(beats, 51, from, from + 0.173));
  assert.equal(due.length, 40);
  assert.ok(due.every(({ at, strong }, i) => Math.abs(at - 51 - i * 0.37) < 1e-9 && strong === (i % 4 === 0)));
});

test("a tick begins and ends in silence", () => {
  for (const strong of [true, false]) {
    const samples = tick(RATE_HZ, strong);
    assert.equal(samples[0], 0);
    assert.ok(Math.abs(samples.at(-1)) < 3e-3);
    assert.ok(Math.max(...samples) > 0.1);
  }
});
