/**
 * What an orchestra of recorded notes needs to know: which recording, how bent, when. Pure.
 *
 * @typedef {{name: string, parts: string[], pitches: number[]}} Voice
 */

const SETTLING = 0.05; // the share of a new reading of the clocks that is believed
const JUMP_S = 0.05; // readings further off than this are of a clock that was set anew
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

/** From the page's clock to the sound card's, smoothed: one reading of them is off by a block. */
export class Bridge {
  #ahead = null;

  /** @param {number} heard_s second of the audio clock that is heard at @param {number} now_s */
  read(heard_s, now_s) {
    const ahead = heard_s - now_s;
    if (this.#ahead === null || Math.abs(ahead - this.#ahead) > JUMP_S) this.#ahead = ahead;
    else this.#ahead += SETTLING * (ahead - this.#ahead);
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
