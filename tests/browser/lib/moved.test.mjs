import assert from "node:assert/strict";
import test from "node:test";
import { barSaid, farSaid, headSaid, leftSaid, renditionsSaid, sizeSaid } from "../../../src/valentin/web/lib/moved.js";

const pages = renditionsSaid([{ page: "a", by: "" }, { page: "b", by: "Anna" }, { page: "c", by: null }]);
const at = (page, ...times) => times.map((time_s) => ({ card: "x", page, time_s }));

test("a bar says how many, when and in which rendition", () => {
  const bar = { bar: "16", listeners: 2, moments: [...at("a", 94.2, 94.9), ...at("b", 101.5)] };
  assert.equal(barSaid(bar, pages), "Bar 16: 2 listeners, at 1:34 as valentin plays it; 1:41 as Anna plays it");
  assert.equal(barSaid({ bar: "", listeners: 1, moments: at("c", 0) }, pages), "Before the first bar: 1 listener, at 0:00 on a page from elsewhere");
});

test("a take of one's own without a name is one's own", () => {
  assert.equal(renditionsSaid([{ page: "a", by: "", mine: true }]).get("a"), "as you played it");
  assert.equal(renditionsSaid([{ page: "a", by: "Anna", mine: true }]).get("a"), "as Anna plays it");
});

test("the headline counts", () => {
  assert.equal(headSaid(0, 0), "");
  assert.equal(headSaid(1, 1), "1 listener was moved, in 1 bar");
  assert.equal(headSaid(12, 3), "12 listeners were moved, in 3 bars");
});

test("time that is left is said no more finely than it is known", () => {
  assert.equal(leftSaid(null), "");
  assert.equal(leftSaid(7), "a few seconds more");
  assert.equal(leftSaid(42), "about 50 seconds more");
  assert.equal(leftSaid(140), "about 2 minutes more");
});

test("how far a page is", () => {
  assert.equal(farSaid({ words: "getting ready", share: 0, left_s: null }), "getting ready");
  assert.equal(farSaid({ words: "sounding", share: 0.4, left_s: 31 }), "sounding, 40 %, about 40 seconds more");
  assert.equal(farSaid({ words: "It has no notes.", share: 0.4, failed: true }), "It has no notes.");
  assert.equal(sizeSaid(12_140_000), "12.1 MB");
});
