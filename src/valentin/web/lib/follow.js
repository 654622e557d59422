/**
 * Where a player is in the score, from the keys alone: for the page to turn, for nothing else. Pure.
 *
 * Near the last place the nearest fitting one is taken; who plays on elsewhere is found again by
 * the last few keys together.
 *
 * @typedef {[string, number[]]} Group  a place of the score: a note's id, the pitches that begin there
 */

const BACK = 2; // places
const AHEAD = 6; // places
const REMEMBERED = 8; // keys that are looked for elsewhere
const FEWEST = 5; // keys before another place may be believed
const DOUBT = 0.7; // below this share of remembered keys on the way here, it is looked elsewhere
const BETTER = 0.25; // by this share more of them must be on the way there

export class Follower {
  #groups;
  #struck = new Set(); // of the place where the player is
  #recent = [];

  /** @param {Group[]} groups in the order of the score */
  constructor(groups) {
    this.#groups = groups;
    this.at = -1; // place, -1 before the first key
  }

  /**
   * A key went down.
   * @param {number} pitch
   * @returns {string | null} the id of the place where the player is, or null where that is not known
   */
  down(pitch) {
    this.#recent = [...this.#recent.slice(1 - REMEMBERED), pitch];
    const near = this.#near(pitch);
    if (near !== null) this.#go(near, pitch);
    const here = this.at < 0 ? 0 : this.#backwards(this.at) / this.#recent.length;
    if (here < DOUBT && this.#recent.length >= FEWEST) this.#elsewhere(here);
    return this.at < 0 ? null : this.#groups[this.at][0];
  }

  #go(place, pitch) {
    if (place !== this.at) this.#struck.clear();
    this.at = place;
    this.#struck.add(pitch);
  }

  /** The nearest place that begins with this pitch: here, ahead, then a little back. */
  #near(pitch) {
    const fits = (place) => this.#groups[place]?.[1].includes(pitch);
    if (this.at < 0) return fits(0) ? 0 : null;
    if (fits(this.at) && !this.#struck.has(pitch)) return this.at;
    for (let by = 1; by <= AHEAD; by += 1) if (fits(this.at + by)) return this.at + by;
    for (let by = 0; by <= BACK; by += 1) if (fits(this.at - by)) return this.at - by;
    return null;
  }

  /** The place whose last keys were most like those just struck; the nearest of equal ones. */
  #elsewhere(here) {
    let best = { share: Math.max(DOUBT, here + BETTER), place: -1, far: Infinity };
    for (let place = 0; place < this.#groups.length; place += 1) {
      if (!this.#groups[place][1].includes(this.#recent.at(-1))) continue;
      const share = this.#backwards(place) / this.#recent.length;
      const far = Math.abs(place - this.at);
      if (share > best.share || (share === best.share && far < best.far)) best = { share, place, far };
    }
    if (best.place >= 0) this.#go(best.place, this.#recent.at(-1));
  }

  /** How many of the recent keys are found walking back from a place. */
  #backwards(place) {
    let found = 0;
    let here = place;
    for (const pitch of [...this.#recent].reverse()) {
      for (let back = here; back >= Math.max(0, here - 2); back -= 1) {
        if (this.#groups[back][1].includes(pitch)) {
          found += 1;
          here = back;
          break;
        }
      }
    }
    return found;
  }
}
