/**
 * When each block of streamed sound is due: pure arithmetic in whole frames.
 *
 * Blocks follow one another to the very frame, so that nothing clicks between them. A block that
 * comes too late moves itself and all after it.
 *
 * @typedef {{currentTime: number, outputLatency?: number, baseLatency?: number}} Clock  an audio clock
 * @typedef {{contextTime?: number, performanceTime?: number}} Stamp  what it says is heard just now
 */

export const RATE_HZ = 44100; // what the studio streams
export const LEAD_S = 0.06; // between the arrival of the first block and its sound
const BELIEVED_S = 0.5; // a stamp further from the clock than this is not believed

export class Schedule {
  /** @param {number} rate frames a second */
  constructor(rate) {
    this.rate = rate;
    this.next = null; // the frame of the clock at which the next block begins
    this.moved = 0; // frames by which late blocks have moved the rest
  }

  /** The stream's first frame sounds at this second of the clock. */
  begin(second) {
    this.next = Math.ceil(second * this.rate);
    return this.next / this.rate;
  }

  /**
   * Where the next block goes.
   * @param {number} frames how long it is
   * @param {number} now seconds of the clock
   * @returns {{at: number, late: number}} when it begins, and how late that is, in seconds
   */
  place(frames, now) {
    const soonest = Math.ceil(now * this.rate);
    let late = 0;
    if (this.next < soonest) {
      late = Math.ceil((now + LEAD_S) * this.rate) - this.next;
      this.next += late;
      this.moved += late;
    }
    const at = this.next / this.rate;
    this.next += frames;
    return { at, late: late / this.rate };
  }

  /** The second of the clock at which all that was placed has sounded. */
  get until() {
    return this.next === null ? 0 : this.next / this.rate;
  }
}

/**
 * The second of the audio clock that is being heard now, the way to the ear included.
 * @param {Clock} clock
 * @param {Stamp} stamp as `AudioContext.getOutputTimestamp()` gives it
 * @param {number} now milliseconds, as `performance.now()` gives them
 */
export function heardAt(clock, stamp, now) {
  const plain = clock.currentTime - (clock.outputLatency || clock.baseLatency || 0);
  if (!stamp?.performanceTime) return plain;
  const told = stamp.contextTime + (now - stamp.performanceTime) / 1000;
  return Math.abs(told - plain) < BELIEVED_S ? told : plain;
}
