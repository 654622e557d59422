/** The computer keyboard as a piano keyboard: two rows, one octave and a half. Pure. */

const ROW = "awsedftgyhujkolp";
export const LOWEST = 60;

/**
 * The pitch (MIDI number) of a key, or null. A is middle C, W its sharp, S is D, and so on.
 * @param {string} key as `KeyboardEvent.key`
 */
export function pitchOf(key) {
  const place = ROW.indexOf(key.toLowerCase());
  return key.length === 1 && place >= 0 ? LOWEST + place : null;
}
