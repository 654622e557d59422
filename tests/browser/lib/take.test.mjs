import assert from "node:assert/strict";
import test from "node:test";
import { Follower } from "../../../src/valentin/web/lib/follow.js";
import { Journal } from "../../../src/valentin/web/lib/journal.js";
import { keyEvent, keyboardsSaid, noMidi } from "../../../src/valentin/web/lib/midi.js";

test("keys and pedals are read, all else is left", () => {
  assert.deepEqual(keyEvent([0x93, 60, 80], 1.5), { time_s: 1.5, kind: "down", pitch: 60, value: 80 });
  assert.deepEqual(keyEvent([0x90, 60, 0], 2), { time_s: 2, kind: "up", pitch: 60, value: 0 });
  assert.deepEqual(keyEvent([0x80, 60, 64], 2), { time_s: 2, kind: "up", pitch: 60, value: 0 });
  assert.deepEqual(keyEvent([0xb0, 64, 90], 3), { time_s: 3, kind: "sustain", pitch: 0, value: 90 });
  assert.equal(keyEvent([0xb0, 66, 1], 3).kind, "sostenuto");
  assert.equal(keyEvent([0xb0, 67, 1], 3).kind, "soft");
  for (const other of [[0xf8], [0xfe], [0xb0, 1, 60], [0xe0, 0, 64], [0xc0, 5], [0x90, 200, 1], []]) {
    assert.equal(keyEvent(other, 0), null);
  }
});

test("where no keyboard can be heard, it is said why and what to do", () => {
  assert.equal(noMidi({ midi: true, secure: true, apple: false }), "");
  assert.match(noMidi({ midi: false, secure: true, apple: true }), /iPad.*drop the file/);
  assert.match(noMidi({ midi: false, secure: false, apple: true }), /machine the studio runs on/);
  assert.match(noMidi({ midi: false, secure: true, apple: false }), /Chrome, Edge, Opera and Firefox can/);
  assert.match(keyboardsSaid([]), /plug one in now/);
  assert.equal(keyboardsSaid(["P-125"]), "Listening to P-125.");
});

/** A studio that answers as it should, loses answers or requests, or has been restarted. */
function disk({ losing = () => "" } = {}) {
  const kept = [];
  let asked = 0;
  const send = async (first, events) => {
    const how = losing((asked += 1));
    if (how === "request") throw new TypeError("lost");
    if (first > kept.length) return { next: kept.length };
    kept.splice(first, Infinity, ...events);
    if (how === "answer") throw new TypeError("lost");
    return { next: kept.length };
  };
  return { kept, send };
}

const event = (n) => ({ time_s: n, kind: "down", pitch: 60, value: 1 });

test("every event arrives once and in order, whatever the way loses", async () => {
  for (const pattern of ["", "request", "answer", "both"]) {
    const losing = (n) => (pattern === "both" ? ["", "request", "answer"][n % 3] : n % 2 ? pattern : "");
    const { kept, send } = disk({ losing });
    const journal = new Journal(send);
    for (let n = 0; n < 40; n += 1) {
      journal.add(event(n));
      if (n % 3 === 0) await journal.flush();
    }
    while (journal.pending) await journal.flush();
    assert.deepEqual(kept.map((one) => one.time_s), Array.from({ length: 40 }, (_, n) => n), pattern);
  }
});

test("events that come while a batch is on its way go with the next", async () => {
  const { kept, send } = disk();
  const journal = new Journal(async (first, events) => {
    if (first === 0) journal.add(event(1));
    return send(first, events);
  });
  journal.add(event(0));
  assert.equal(await journal.flush(), true);
  assert.equal(kept.length, 2);
  assert.equal(journal.pending, 0);
});

test("two flushes at once send nothing twice", async () => {
  let asked = 0;
  const journal = new Journal(async (first, events) => {
    asked += 1;
    return { next: first + events.length };
  });
  journal.add(event(0));
  await Promise.all([journal.flush(), journal.flush()]);
  assert.equal(asked, 1);
});

test("what is not answered for is still here, and a page that took over is told", async () => {
  const down = new Journal(async () => Promise.reject(new TypeError("down")));
  down.add(event(0));
  assert.equal(await down.flush(), false);
  assert.deepEqual(down.unsaved, { first: 0, events: [event(0)] });
  assert.equal(down.trouble, 1);
  const other = new Journal(async () => ({ taken: true }));
  other.add(event(0));
  assert.equal(await other.flush(), false);
  assert.equal(other.taken, true);
  assert.equal(other.pending, 1);
});

const scale = Array.from({ length: 40 }, (_, i) => [`n${i}`, [60 + [0, 2, 4, 5, 7, 9, 11][i % 7] + (i % 2 ? 0 : 12), 40 + (i * 5) % 17]]);

test("who plays the score is followed, chords in any order", () => {
  const follower = new Follower(scale);
  scale.forEach(([id, pitches], i) => {
    for (const pitch of i % 2 ? pitches : [...pitches].reverse()) assert.equal(follower.down(pitch), id);
  });
});

test("wrong keys and left-out places do not lose the player", () => {
  const follower = new Follower(scale);
  let wrong = 0;
  scale.forEach(([id, pitches], i) => {
    if (i % 9 === 4) return;
    if (i % 5 === 3) follower.down(106);
    follower.down(pitches[0]);
    if (follower.down(pitches[1]) !== id) wrong += 1;
  });
  assert.ok(wrong <= 2, `${wrong} places missed`);
});

test("who starts again elsewhere is found after a few keys", () => {
  const follower = new Follower(scale);
  for (const [, pitches] of scale.slice(0, 6)) pitches.forEach((pitch) => follower.down(pitch));
  let found = 0;
  scale.slice(25, 36).forEach(([id, pitches], i) => {
    pitches.forEach((pitch) => follower.down(pitch));
    if (i >= 5 && follower.at === scale.findIndex(([other]) => other === id)) found += 1;
  });
  assert.ok(found >= 5, `${found} of 6`);
});

test("before the first key, and on noise, nothing is claimed", () => {
  const follower = new Follower(scale);
  assert.equal(follower.down(21), null);
  for (let i = 0; i < 30; i += 1) assert.equal(follower.down(21 + (i % 3)), null);
});
