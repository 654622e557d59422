import { EVERY_MS, Journal } from "../lib/journal.js";

/** One take: begun, written to the studio's disk while it is played, and closed. */

const PAUSE_S = 2; // between an earlier take and what is played again after it
const PATIENCE_MS = 3000; // a batch that is not answered by then is sent again
const KEPT = "take"; // where this tab remembers an open take, in case the page is loaded anew

/** Asks the studio; its one line of words becomes the error's. */
export async function ask(method, path, body, signal) {
  const given = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, { method, ...given, signal });
  if (answer.ok) return answer.json();
  const told = await answer.text();
  const conflict = answer.status === 409 && told.startsWith("{") ? JSON.parse(told) : null;
  if (conflict) return conflict;
  throw new Error(told);
}

export class Take {
  #timer = null;
  #begun = null; // performance.now() / 1000 of the first key
  #last = 0;
  #before = 0; // seconds that were played before, in an earlier take

  /** @param {{id: string}} take @param {string} pen @param {number} next */
  constructor(take, pen, next = 0) {
    this.take = take;
    this.pen = pen;
    this.notes = 0;
    const send = (first, events) =>
      ask("POST", `/takes/${take.id}/events`, { pen, first, events }, AbortSignal.timeout(PATIENCE_MS));
    this.journal = new Journal(send, next);
    this.#timer = setInterval(() => this.journal.flush(), EVERY_MS);
    sessionStorage.setItem(KEPT, take.id);
    addEventListener("pagehide", this.#leave);
  }

  /**
   * @param {string} piece
   * @param {"keyboard" | "letters"} source
   * @param {string} [after] an earlier take that this one goes on from: bars played again count as
   *   part of it, as they would had one never stopped
   */
  static async begin(piece, source, after) {
    const { events } = after ? await ask("GET", `/takes/${after}/events`) : { events: [] };
    const { take, pen, next } = await ask("POST", `/pieces/${encodeURIComponent(piece)}/takes`, { source });
    const begun = new Take(take, pen, next);
    for (const event of events) begun.journal.add(event);
    if (events.length) begun.#before = events.at(-1).time_s + PAUSE_S;
    return begun;
  }

  /** The take that this tab was writing when its page was loaded anew, closed; or null. */
  static async leftOpen() {
    const id = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (!id) return null;
    try {
      const { pen } = await ask("POST", `/takes/${id}/pen`);
      return (await ask("POST", `/takes/${id}/close`, { pen })).take ?? null;
    } catch {
      return null; // closed already, or put away
    }
  }

  /** Seconds since the first key. */
  get seconds() {
    return this.#begun === null ? 0 : performance.now() / 1000 - this.#begun;
  }

  /** A key or a pedal moved; `time_s` is on the clock of `performance.now()`. */
  add(event) {
    this.#begun ??= event.time_s;
    this.#last = Math.max(this.#last, event.time_s - this.#begun + this.#before);
    this.journal.add({ ...event, time_s: Number(this.#last.toFixed(4)) });
    if (event.kind === "down") this.notes += 1;
  }

  /** Sends the rest and closes; null where no key was struck. Throws where the studio does not answer. */
  async close() {
    clearInterval(this.#timer);
    removeEventListener("pagehide", this.#leave);
    if (!(await this.journal.flush())) {
      this.#timer = setInterval(() => this.journal.flush(), EVERY_MS);
      addEventListener("pagehide", this.#leave);
      if (this.journal.taken) throw new Error("another page writes this take now; it is kept there.");
      throw new TypeError("not answered");
    }
    const { take } = await ask("POST", `/takes/${this.take.id}/close`, { pen: this.pen });
    sessionStorage.removeItem(KEPT);
    return take;
  }

  /** The page goes: what is not answered for is sent once more, without waiting. */
  #leave = () => {
    const { first, events } = this.journal.unsaved;
    if (!events.length) return;
    const body = JSON.stringify({ pen: this.pen, first, events });
    fetch(`/takes/${this.take.id}/events`, {
      method: "POST", body, keepalive: true, headers: { "content-type": "application/json" },
    }).catch(() => {});
  };
}
