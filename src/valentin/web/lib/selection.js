/**
 * Bars chosen on the score. Pure: states in, states out; bars are places in a list, from 0.
 *
 * @typedef {{anchor: number, focus: number, open: boolean}} Chosen  from anchor to focus; `open`
 *   means from there to the end of the piece
 */

/** @param {number} bar @returns {Chosen} from a bar on */
export const fromHere = (bar) => ({ anchor: bar, focus: bar, open: true });

/** @param {number} bar @returns {Chosen} one bar alone */
export const alone = (bar) => ({ anchor: bar, focus: bar, open: false });

/**
 * Reaches from where the choice began to another bar.
 * @param {Chosen | null} chosen
 * @param {number} bar
 * @returns {Chosen}
 */
export function reach(chosen, bar) {
  return { anchor: chosen ? chosen.anchor : bar, focus: bar, open: false };
}

/**
 * One step by keyboard.
 * @param {Chosen | null} chosen
 * @param {number} by bars, negative to the left
 * @param {number} count how many bars there are
 * @param {boolean} extend keep the other end
 * @returns {Chosen}
 */
export function step(chosen, by, count, extend) {
  const first = by === 1 || by === -Infinity ? 0 : count - 1;
  const start = chosen ? chosen.focus + by : first;
  const bar = Math.min(count - 1, Math.max(0, start));
  return extend ? reach(chosen, bar) : fromHere(bar);
}

/**
 * First and last bar, in order; the last is null where the choice is open.
 * @param {Chosen} chosen
 * @returns {[number, number | null]}
 */
export function ends({ anchor, focus, open }) {
  return [Math.min(anchor, focus), open ? null : Math.max(anchor, focus)];
}

/**
 * The bars that printed numbers mean, or null where one is not there.
 * @param {string[]} numbers of all bars, in order
 * @param {string} from
 * @param {string} to "" for the end of the piece
 * @returns {Chosen | null}
 */
export function named(numbers, from, to) {
  const anchor = numbers.indexOf(from);
  if (anchor < 0) return null;
  if (!to) return fromHere(anchor);
  const focus = numbers.indexOf(to, anchor);
  return focus < 0 ? null : { anchor, focus, open: false };
}

/**
 * The choice in words.
 * @param {string[]} numbers
 * @param {Chosen | null} chosen
 */
export function said(numbers, chosen) {
  if (!chosen) return "the whole piece";
  const [first, last] = ends(chosen);
  if (last === null) return `from bar ${numbers[first]} on`;
  return first === last ? `bar ${numbers[first]}` : `bars ${numbers[first]} to ${numbers[last]}`;
}
