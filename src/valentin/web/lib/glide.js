/**
 * Where a gliding cursor stands: pure functions of time, for the studio and the lesson alike.
 *
 * @typedef {{time: number, line: number, x: number}} Stop  one place that sounds at `time` seconds
 * @typedef {{line: number, x: number}} Spot  a place on the page: which system, and x inside it
 */

/**
 * The last stop not later than `time`, or -1.
 * @param {Stop[]} stops rising in time
 * @param {number} time seconds
 */
export function lastStop(stops, time) {
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stops[middle].time <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Where the cursor is: it glides to the next stop, to the end of the line where the next stop is
 * on a later one, and waits where the music goes back.
 * @param {Stop[]} stops rising in time
 * @param {number} time seconds
 * @param {(line: number) => number} end the right end of a line
 * @returns {Spot | null}
 */
export function spotAt(stops, time, end) {
  if (stops.length === 0) return null;
  const i = Math.max(0, lastStop(stops, time));
  const here = stops[i];
  const next = stops[i + 1];
  if (!next || time <= here.time) return { line: here.line, x: here.x };
  const share = Math.min(1, (time - here.time) / (next.time - here.time));
  if (next.line === here.line && next.x >= here.x) {
    return { line: here.line, x: here.x + share * (next.x - here.x) };
  }
  if (next.line === here.line + 1) {
    return { line: here.line, x: here.x + share * (end(here.line) - here.x) };
  }
  return { line: here.line, x: here.x };
}

/**
 * The time in another sound at which the same music comes.
 * @param {[number, string][]} from steps of the sound that plays: time, note id
 * @param {[number, string][]} to steps of the other sound
 * @param {number} time seconds in the first
 */
export function sameMusic(from, to, time) {
  const at = new Map(to.map(([seconds, id]) => [id, seconds]));
  const shared = from.filter(([, id]) => at.has(id));
  const stops = shared.map(([seconds, id]) => ({ time: seconds, line: 0, x: at.get(id) ?? 0 }));
  const i = lastStop(stops, time);
  if (i < 0) return 0;
  const next = stops[i + 1];
  if (!next) return stops[i].x;
  const share = (time - stops[i].time) / (next.time - stops[i].time);
  return stops[i].x + share * Math.max(0, next.x - stops[i].x);
}
