/** The computer keyboard as a piano keyboard: two rows, one octave and a tone. Pure. */

const ROW = "awsedftgyhujkol";
const BLACK = new Set([1, 3, 6, 8, 10]);
const NAMES = ["C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B"];
export const LOWEST = 60;
export const COUNT = ROW.length;

/**
 * The pitch (MIDI number) of a key, or null. A is middle C, W its sharp, S is D, and so on.
 * @param {string} key as `KeyboardEvent.key`
 * @param {number} octave octaves up
 */
export function pitchOf(key, octave = 0) {
  const place = ROW.indexOf(key.toLowerCase());
  return key.length === 1 && place >= 0 ? LOWEST + 12 * octave + place : null;
}

/**
 * The keys to draw: which letter strikes them, their names, and where they stand.
 * @param {number} octave octaves up
 */
export function pianoKeys(octave = 0) {
  let white = -1;
  return [...ROW].map((letter, place) => {
    const black = BLACK.has(place % 12);
    if (!black) white += 1;
    const pitch = LOWEST + 12 * octave + place;
    return { pitch, letter, black, white, name: `${NAMES[place % 12]}${Math.floor(pitch / 12) - 1}` };
  });
}
