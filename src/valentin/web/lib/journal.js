/**
 * Key events on their way to the disk: numbered, in batches, sent again until they are answered.
 *
 * Pure but for `send`, which is given. Nothing is forgotten before the studio has answered for it.
 *
 * @typedef {import("./midi.js").KeyEvent} KeyEvent
 * @typedef {{next?: number, taken?: boolean}} Answer  number of the event awaited next, or that
 *   another page writes this take now
 */

export const EVERY_MS = 250;
const MOST = 2000; // events in a batch; the studio takes 5,000

export class Journal {
  #waiting = []; // events that are not answered for
  #first = 0; // number of the first of these
  #sending = null;

  /**
   * @param {(first: number, events: KeyEvent[]) => Promise<Answer>} send
   * @param {number} next number of the first event
   */
  constructor(send, next = 0) {
    this.send = send;
    this.#first = next;
    this.trouble = 0; // how often in a row sending has failed
    this.taken = false;
  }

  /** How many events the studio has not answered for. */
  get pending() {
    return this.#waiting.length;
  }

  /** @param {KeyEvent} event */
  add(event) {
    this.#waiting.push(event);
  }

  /** The events that would be lost if the page died now, and the number of the first. */
  get unsaved() {
    return { first: this.#first, events: [...this.#waiting] };
  }

  /** Sends what there is, one batch at a time; false where it could not be sent. */
  async flush() {
    this.#sending ??= this.#send().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #send() {
    while (this.#waiting.length && !this.taken) {
      let answer;
      try {
        answer = await this.send(this.#first, this.#waiting.slice(0, MOST));
      } catch {
        this.trouble += 1;
        return false;
      }
      if (answer.taken) this.taken = true;
      else if (!this.#settle(answer.next)) {
        this.trouble += 1;
        return false;
      }
    }
    this.trouble = 0;
    return !this.taken;
  }

  /** Drops what is answered for; false where the studio awaits events that are gone from here. */
  #settle(next) {
    const done = next - this.#first;
    if (!(done > 0 && done <= this.#waiting.length)) return false;
    this.#waiting.splice(0, done);
    this.#first = next;
    return true;
  }
}
