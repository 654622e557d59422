import assert from "node:assert/strict";
import test from "node:test";
import { askAt, cueAt, fill } from "../../../src/valentin/web/listening/captions.js";
import { fromCard, fromFragment, toCard, toFragment } from "../../../src/valentin/web/listening/moments.js";
import { barAt, breathAt, breathOf, rangesOf, viewAt, viewOf } from "../../../src/valentin/web/listening/shapes.js";

const moments = [{ piece: 1, time: 94200, bar: "16" }, { piece: 2, time: 3000, bar: "4a" }];

test("kept moments survive a link and a card", () => {
  assert.deepEqual(fromFragment("#" + toFragment("0f3a", moments)), { page: "0f3a", moments });
  assert.deepEqual(fromCard(toCard("0f3a", ["Title", "Other"], moments)), { page: "0f3a", moments });
});

test("a card says the titles of all pieces, where there are several", () => {
  assert.deepEqual(JSON.parse(toCard("0f3a", ["A", "B"], moments)).titles, ["A", "B"]);
  const alone = JSON.parse(toCard("0f3a", ["A"], moments));
  assert.equal(alone.title, "A");
  assert.equal("titles" in alone, false);
});

test("what is no card is none", () => {
  assert.equal(fromFragment("#words"), null);
  assert.equal(fromCard("{}"), null);
  assert.equal(fromCard("nonsense"), null);
  assert.deepEqual(fromFragment("#kept=0f;x,y,%").moments, []);
});

test("a cue comes a little early, stays, and goes", () => {
  const cues = [{ time: 10000, story: "a", works: "b" }, { time: 20000, story: "", works: "d" }];
  assert.equal(cueAt(cues, 8000, "story"), null);
  assert.equal(cueAt(cues, 9000, "story").story, "a");
  assert.equal(cueAt(cues, 16000, "story"), null);
  assert.equal(cueAt(cues, 20000, "story"), null);
  assert.equal(cueAt(cues, 20000, "works").works, "d");
  assert.equal(cueAt(cues, 10000, "nothing"), null);
});

test("there is something to do before 0:45", () => {
  assert.equal(askAt(15000, { away: true, ways: true }), "away");
  assert.equal(askAt(40000, { away: true, ways: true }), "ways");
  assert.equal(askAt(40000, { away: true, ways: false }), "");
});

test("messages are filled, one or many", () => {
  const messages = { one: ["{count} moment", "{count} moments"] };
  assert.equal(fill(messages, "one", { count: 1 }), "1 moment");
  assert.equal(fill(messages, "one", { count: 3 }), "3 moments");
});

test("a beat that lasts longer is a breath", () => {
  const beats = [...Array(20).keys()].map((i) => [1000 * i + (i > 10 ? 1000 : 0), 0]);
  const curve = breathOf(beats);
  assert.ok(breathAt(curve, 10500) > 0.2);
  assert.equal(breathAt(curve, 3500), 0);
});

test("bars and the view are found at a time", () => {
  assert.equal(barAt([[0, "1"], [2000, "2"]], 2000), "2");
  assert.equal(barAt([[0, "1"], [2000, "2"]], 1500), "1");
  const shapes = [[0, 500, 500, 60, 64, 0], [20000, 20500, 20500, 90, 64, 0]];
  const views = viewOf(shapes, 21000, rangesOf(shapes));
  const [low, high] = viewAt(views, 20000);
  assert.ok(low < 90 && high > 90 && high - low >= 35);
});
