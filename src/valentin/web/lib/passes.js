/**
 * A sound that comes again and again: which time of the music is heard when. Pure.
 *
 * @typedef {{origin: number, from: number}} Pass  music second `from` is the first to sound; music
 *   second 0 is, or would be, at `origin` of the clock
 */

/**
 * The music's time at a moment of the clock, or null before the first pass.
 * @param {Pass[]} passes in the order in which they sound
 * @param {number} heard seconds of the clock
 */
export function musicTime(passes, heard) {
  let time = null;
  for (const { origin, from } of passes) {
    if (time === null || heard >= origin + from) time = heard - origin;
  }
  return time;
}

/**
 * Where the next pass stands when the last one ends at `end` and the music begins at `start`.
 * @param {Pass} last
 * @param {number} start seconds of the music
 * @param {number} end seconds of the music
 */
export function nextPass(last, start, end) {
  return { origin: last.origin + end - start, from: start };
}

/**
 * Beats due in a stretch of the clock.
 * @param {[number, number][]} beats seconds of the music, and 1 where a bar begins
 * @param {number} origin of the pass
 * @param {number} from clock seconds, inclusive
 * @param {number} to clock seconds, exclusive
 * @returns {{at: number, strong: boolean}[]}
 */
export function beatsDue(beats, origin, from, to) {
  return beats
    .map(([time, strong]) => ({ at: origin + time, strong: Boolean(strong) }))
    .filter(({ at }) => at >= from && at < to);
}

/**
 * A woodblock's tick: a sine that dies away.
 * @param {number} rate frames a second
 * @param {boolean} strong the first beat of a bar: higher
 */
export function tick(rate, strong) {
  const samples = new Float32Array(Math.round(0.05 * rate));
  const turn = (2 * Math.PI * (strong ? 1760 : 1175)) / rate;
  for (let i = 0; i < samples.length; i += 1) {
    const rise = Math.min(1, i / (0.001 * rate));
    samples[i] = 0.35 * rise * Math.exp(-i / (0.009 * rate)) * Math.sin(turn * i);
  }
  return samples;
}
