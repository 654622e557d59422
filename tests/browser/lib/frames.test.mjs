import assert from "node:assert/strict";
import test from "node:test";
import { Frames } from "../../../src/valentin/web/lib/frames.js";

const sent = new Uint8Array(new Float32Array([0.5, -0.5, 0.25, -0.25, 1, -1]).buffer);

test("whole frames come out, however the bytes are cut", () => {
  for (let cut = 0; cut <= sent.length; cut += 1) {
    const frames = new Frames();
    const planes = [frames.push(sent.slice(0, cut)), frames.push(sent.slice(cut))];
    const left = planes.flatMap((plane) => (plane ? [...plane[0]] : []));
    const right = planes.flatMap((plane) => (plane ? [...plane[1]] : []));
    assert.deepEqual(left, [0.5, 0.25, 1]);
    assert.deepEqual(right, [-0.5, -0.25, -1]);
  }
});

test("less than a frame is nothing yet", () => {
  assert.equal(new Frames().push(sent.slice(0, 7)), null);
});
