import { pcm } from "../lib/wav.js";
import { ask } from "./take.js";

/** A recording on its way to the studio's disk while it is made: little of it is in the page. */

const EVERY_MS = 1000;
const PATIENCE_MS = 10000; // what is not answered by then is sent again
const MOST_BLOCKS = 300; // tenths of a second that are sent at once, after the studio was away
const KEPT = "recording"; // where this tab remembers it, in case the page is loaded anew

export class Recording {
  #name;
  #at = 0; // bytes that the studio has
  #blocks = []; // tenths of a second that it has not
  #timer;
  #sending = null;

  constructor(name) {
    this.#name = name;
    this.#timer = setInterval(() => this.flush(), EVERY_MS);
    sessionStorage.setItem(KEPT, name);
  }

  /** @param {string} piece @param {number} rate samples a second */
  static async begin(piece, rate) {
    const { recording } = await ask("POST", `/pieces/${encodeURIComponent(piece)}/recordings?rate=${Math.round(rate)}`);
    return new Recording(recording);
  }

  /** The recording that this tab made when its page was loaded anew, as a take; or null. */
  static async leftOpen() {
    const name = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (!name) return null;
    return ask("POST", `/recordings/${name}/close`).then(({ take }) => take, () => null);
  }

  /** Seconds that are in the page alone. */
  get unsaved() {
    return this.#blocks.length / 10;
  }

  /** A tenth of a second. @param {Float32Array} block */
  add(block) {
    this.#blocks.push(block);
  }

  /** Sends what there is; true where nothing is left. */
  async flush() {
    this.#sending ??= this.#send().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #send() {
    while (this.#blocks.length) {
      const blocks = this.#blocks.slice(0, MOST_BLOCKS);
      const body = pcm(blocks);
      try {
        const signal = AbortSignal.timeout(PATIENCE_MS);
        const answer = await fetch(`/recordings/${this.#name}?at=${this.#at}`, { method: "POST", body, signal });
        if (!answer.ok) return false;
      } catch {
        return false;
      }
      this.#at += body.byteLength;
      this.#blocks.splice(0, blocks.length);
    }
    return true;
  }

  /** Sends the rest and ends it; null where nothing was recorded. Throws where the studio does not answer. */
  async close() {
    clearInterval(this.#timer);
    while (this.#sending) await this.#sending;
    if (!(await this.flush())) {
      this.#timer = setInterval(() => this.flush(), EVERY_MS);
      throw new TypeError("not answered");
    }
    const { take } = await ask("POST", `/recordings/${this.#name}/close`);
    sessionStorage.removeItem(KEPT);
    return take;
  }
}
