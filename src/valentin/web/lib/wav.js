/** Recorded samples: how loud they are, and as a WAV file. Pure. */

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
 * Mono samples as a 16-bit WAV file.
 * @param {Float32Array[]} blocks
 * @param {number} rate frames a second
 * @returns {ArrayBuffer}
 */
export function wav(blocks, rate) {
  const frames = blocks.reduce((sum, block) => sum + block.length, 0);
  const bytes = new ArrayBuffer(44 + 2 * frames);
  const view = new DataView(bytes);
  const text = (at, words) => [...words].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * frames, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * frames, true);
  let at = 44;
  for (const block of blocks) {
    for (const sample of block) {
      view.setInt16(at, Math.round(32767 * Math.min(1, Math.max(-1, sample))), true);
      at += 2;
    }
  }
  return bytes;
}
