/** Recorded samples: how loud they are, and as they are sent. Pure. */

const CLIPPED = 0.985; // of full scale
const QUIET_DB = -36; // a peak below this while one plays is too soft to be heard well
const FLOOR_DB = -90;

/**
 * The peak in dB below full scale.
 * @param {number} peak 0..1
 */
export const decibels = (peak) => Math.max(FLOOR_DB, 20 * Math.log10(Math.max(peak, 1e-9)));

/**
 * The largest sample, without its sign.
 * @param {Float32Array} samples
 */
export function peakOf(samples) {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak;
}

/**
 * What a few seconds of playing say about the microphone.
 * @param {number} peak the loudest sample, 0..1
 * @returns {{good: boolean, words: string}}
 */
export function checked(peak) {
  const level = `${Math.round(decibels(peak))} dB`;
  if (peak === 0) return { good: false, words: "Nothing arrives: is another microphone chosen, or this one switched off?" };
  if (peak >= CLIPPED) return { good: false, words: `Too loud (${level}): move the microphone away, or turn it down.` };
  if (decibels(peak) < QUIET_DB) return { good: false, words: `Very soft (${level}): bring the microphone nearer to the piano.` };
  return { good: true, words: `Good: the loudest was ${level}.` };
}

/**
 * What the browser does to the sound although it was asked not to, in words; "" for nothing.
 * @param {{echoCancellation?: boolean, noiseSuppression?: boolean, autoGainControl?: boolean}} settings
 *   as read back from the microphone
 */
export function processingSaid(settings) {
  const on = [
    ["echoCancellation", "echo cancellation"],
    ["noiseSuppression", "noise suppression"],
    ["autoGainControl", "automatic gain"],
  ].flatMap(([name, words]) => (settings[name] ? [words] : []));
  if (on.length === 0) return "";
  return `This browser leaves ${on.join(" and ")} on, which blurs loudness and soft notes; another browser may not.`;
}

/**
 * Mono samples as 16-bit ones, little-endian.
 * @param {Float32Array[]} blocks
 * @returns {ArrayBuffer}
 */
export function pcm(blocks) {
  const frames = blocks.reduce((sum, block) => sum + block.length, 0);
  const view = new DataView(new ArrayBuffer(2 * frames));
  let at = 0;
  for (const block of blocks) {
    for (const sample of block) {
      view.setInt16(at, Math.round(32767 * Math.min(1, Math.max(-1, sample))), true);
      at += 2;
    }
  }
  return view.buffer;
}
