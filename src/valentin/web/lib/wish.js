/** What is asked of the pianist, as an address. Pure. */

const PLAYING = ["from", "to", "hand", "performer", "character", "seed"];
const SOUND = ["instrument", "hall"];

/**
 * How it is to be played.
 * @param {Record<string, string>} values of the page's controls; tempo in per cent
 */
export function renditionQuery(values) {
  const asked = new URLSearchParams({ tempo: String(Number(values.tempo || 100) / 100) });
  for (const name of PLAYING) if (values[name]) asked.set(name, values[name]);
  if (values.performer !== "model") asked.delete("character");
  if (values.performer === "score") asked.delete("seed");
  return asked.toString();
}

/**
 * How it is to sound, and from which second on, added to a sound's address.
 * @param {string} sound
 * @param {Record<string, string>} values
 * @param {number} at seconds
 */
export function soundAddress(sound, values, at) {
  const asked = new URLSearchParams();
  for (const name of SOUND) if (values[name]) asked.set(name, values[name]);
  if (at > 0) asked.set("at", at.toFixed(3));
  return asked.size ? `${sound}&${asked}` : sound;
}
