/** A lesson's places in words. Pure. */

/** @param {[string, string]} bars first and last, as printed */
export function barsSaid([first, last]) {
  return first === last ? `bar ${first}` : `bars ${first} to ${last}`;
}

/**
 * What is mended since an earlier lesson, as one line; "" for nothing.
 * @param {{bars: [string, string], words: string}[]} resolved
 */
export function resolvedSaid(resolved) {
  if (resolved.length === 0) return "";
  const places = resolved.map(({ bars }) => barsSaid(bars));
  const all = places.length > 1 ? `${places.slice(0, -1).join(", ")} and ${places.at(-1)}` : places[0];
  return `✓ Resolved: what was said of ${all} need not be said any more.`;
}
