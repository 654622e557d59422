/** Which words are said when. Pure; times in milliseconds. */

export const AHEAD = 1200;
export const LASTS = 5500;

/**
 * The cue to be read now, or null. It comes a little before what it points at.
 * @param {{time: number, story: string, works: string}[]} cues rising in time
 * @param {number} time
 * @param {string} thread "story", "works" or "nothing"
 */
export function cueAt(cues, time, thread) {
  if (thread === "nothing") return null;
  const told = cues.filter((cue) => cue[thread]);
  const here = told.filter((cue) => cue.time - AHEAD <= time);
  const cue = here[here.length - 1];
  return cue && time < cue.time + LASTS ? cue : null;
}

/** A message with its fields filled; the form for one or for many by `count`. */
export function fill(messages, key, fields = {}) {
  const forms = messages[key] ?? [key];
  const form = forms.length > 1 && fields.count !== 1 ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (_, name) => String(fields[name] ?? ""));
}

/** What there is to do, in its time: nothing, take the melody away, or compare two ways. */
export const ASK_AWAY = 14000;
export const ASK_WAYS = 32000;
export const ASK_LASTS = 16000;

/**
 * @param {number} time
 * @param {{away: boolean, ways: boolean}} can what this piece has and the listener has not tried
 */
export function askAt(time, can) {
  if (can.away && time >= ASK_AWAY && time < ASK_AWAY + ASK_LASTS) return "away";
  if (can.ways && time >= ASK_WAYS && time < ASK_WAYS + ASK_LASTS) return "ways";
  return "";
}
