/**
 * Bytes of a MIDI keyboard → key events, and what may be said where there is no keyboard. Pure.
 *
 * @typedef {{time_s: number, kind: string, pitch: number, value: number}} KeyEvent
 */

const PEDALS = new Map([[64, "sustain"], [66, "sostenuto"], [67, "soft"]]);

/**
 * One message as a key event, or null for what is neither key nor pedal.
 * @param {ArrayLike<number>} bytes of one MIDI message
 * @param {number} time_s
 * @returns {KeyEvent | null}
 */
export function keyEvent(bytes, time_s) {
  const [status, first, second] = bytes;
  if (bytes.length < 3 || first > 127 || second > 127) return null;
  const kind = status & 0xf0;
  if (kind === 0x90 && second > 0) return { time_s, kind: "down", pitch: first, value: second };
  if (kind === 0x80 || kind === 0x90) return { time_s, kind: "up", pitch: first, value: 0 };
  if (kind === 0xb0 && PEDALS.has(first)) return { time_s, kind: PEDALS.get(first), pitch: 0, value: second };
  return null;
}

/**
 * Why no MIDI keyboard can be heard here and what to do, or "" where one can be.
 * @param {{midi: boolean, secure: boolean, apple: boolean}} browser whether it has Web MIDI, whether
 *   the page came over a safe way, whether this is an iPad, an iPhone or Safari
 */
export function noMidi({ midi, secure, apple }) {
  if (midi) return "";
  if (!secure) {
    return "A MIDI keyboard can be heard only on the machine the studio runs on. Open it there, or drop a MIDI file here.";
  }
  if (apple) {
    return "Safari, and every browser on an iPad or iPhone, cannot hear a MIDI keyboard. Open the studio in Chrome, Edge or Firefox on a computer; or record on the iPad with any app that saves MIDI, and drop the file here.";
  }
  return "This browser cannot hear a MIDI keyboard; Chrome, Edge, Opera and Firefox can. Or drop a MIDI file here.";
}

/**
 * What is said of the keyboards that are plugged in.
 * @param {string[]} names
 */
export function keyboardsSaid(names) {
  if (names.length === 0) return "No MIDI keyboard is plugged in: play with the letters, or plug one in now.";
  return names.length === 1 ? `Listening to ${names[0]}.` : `Listening to ${names.join(" and ")}.`;
}
