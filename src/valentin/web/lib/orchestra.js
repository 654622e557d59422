/**
 * What an orchestra of recorded notes needs to know: which recording, how bent, when. Pure.
 *
 * @typedef {{name: string, parts: string[], pitches: number[]}} Voice
 */

const READINGS = 100; // of the clocks that are kept: five seconds of them
const BELIEVED = 0.9; // the share of them that is below the one believed
const LOUDNESS = 1.5; // power of the velocity that a level goes with

/**
 * The recorded note nearest to a pitch: its number, and by how many cents it is bent.
 * @param {number[]} pitches
 * @param {number} pitch
 */
export function recorded(pitches, pitch) {
  let best = 0;
  pitches.forEach((each, i) => {
    if (Math.abs(each - pitch) < Math.abs(pitches[best] - pitch)) best = i;
  });
  return { number: best, cents: 100 * (pitch - pitches[best]) };
}

/** The level of a note struck with a velocity, of a recording struck with another. */
export const level = (velocity, recordedAt) => (velocity / recordedAt) ** LOUDNESS;

/** How far the page's clock is ahead of the studio's: that of the quickest answer counts. */
export class Offset {
  way_s = Infinity; // there and back

  /**
   * @param {number} sent_s when it was asked, on the page's clock
   * @param {number} ours_s what the studio's clock said
   * @param {number} now_s when the answer came
   */
  told(sent_s, ours_s, now_s) {
    if (now_s - sent_s > this.way_s) return;
    this.way_s = now_s - sent_s;
    this.offset_s = (sent_s + now_s) / 2 - ours_s;
  }
}

/**
 * From the page's clock to the sound card's.
 *
 * The card's clock is told in blocks, and late when the machine is busy, never early: so of the
 * readings of the last seconds nearly the highest counts.
 */
export class Bridge {
  #readings = [];
  #ahead = 0;

  /** @param {number} heard_s second of the audio clock that is heard at @param {number} now_s */
  read(heard_s, now_s) {
    this.#readings = [...this.#readings.slice(1 - READINGS), heard_s - now_s];
    const sorted = this.#readings.toSorted((one, other) => one - other);
    this.#ahead = sorted[Math.floor(BELIEVED * (sorted.length - 1))];
  }

  /** When to start a sound, on the audio clock, that is to be heard at a second of the page's. */
  start(time_s) {
    return time_s + this.#ahead;
  }

  /** When a sound is heard that starts at a second of the audio clock. */
  heard(start_s) {
    return start_s - this.#ahead;
  }
}
