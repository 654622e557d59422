import { clock } from "./layout.js";

/**
 * Where listeners were moved, and pages on their way, in words. Pure.
 *
 * @typedef {{bar: string, listeners: number, moments: {card: string, page: string, time_s: number}[]}} MovedBar
 */

const people = (count) => (count === 1 ? "1 listener" : `${count} listeners`);

/** The headline over the list. */
export function headSaid(listeners, bars) {
  if (listeners === 0) return "";
  const places = bars === 1 ? "in 1 bar" : `in ${bars} bars`;
  return `${people(listeners)} ${listeners === 1 ? "was" : "were"} moved, ${places}`;
}

/**
 * One bar: who, and when in which rendition.
 * @param {MovedBar} bar
 * @param {Map<string, string>} renditions what each page is called, by its name
 */
export function barSaid({ bar, listeners, moments }, renditions) {
  const where = bar ? `Bar ${bar}` : "Before the first bar";
  const when = new Map();
  for (const { page, time_s: time } of moments) {
    const clocks = when.get(page) ?? new Set();
    when.set(page, clocks.add(clock(time)));
  }
  const told = [...when].map(([page, clocks]) => `${[...clocks].join(", ")} ${renditions.get(page) ?? ""}`.trim());
  return `${where}: ${people(listeners)}, at ${told.join("; ")}`;
}

/**
 * What the renditions of a piece are called.
 * @param {{page: string, by: string | null, mine?: boolean}[]} pages `by` is "" where nobody is named, null
 *   for a page from elsewhere; `mine` is a take of one's own
 * @returns {Map<string, string>}
 */
export function renditionsSaid(pages) {
  const called = ({ by, mine }) => {
    if (by === null) return "on a page from elsewhere";
    return mine && !by ? "as you played it" : `as ${by || "valentin"} plays it`;
  };
  return new Map(pages.map((each) => [each.page, called(each)]));
}

/** A size in bytes. */
export const sizeSaid = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** The time that is left, said no more finely than it is known. */
export function leftSaid(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 20) return "a few seconds more";
  if (seconds < 90) return `about ${Math.ceil(seconds / 10) * 10} seconds more`;
  return `about ${Math.round(seconds / 60)} minutes more`;
}

/** How far a page is. */
export function farSaid({ words, share, left_s: left, failed }) {
  if (failed) return words;
  const percent = share > 0 ? `${Math.round(100 * share)} %` : "";
  return [words, percent, leftSaid(left)].filter(Boolean).join(", ");
}
