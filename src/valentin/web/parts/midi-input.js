import { keyEvent } from "../lib/midi.js";

/**
 * Every MIDI keyboard that is plugged in, now or later, by the time at which its keys moved.
 *
 * Fires `key` with the event as `detail` (its `time_s` on the clock of `performance.now()`), and
 * `plugged` when keyboards come or go.
 */
export class MidiInput extends EventTarget {
  #access = null;
  #heard = new Map();

  /** Whether this browser can, and may without asking. */
  static async allowed() {
    if (!navigator.requestMIDIAccess) return false;
    const asked = await navigator.permissions?.query({ name: "midi" }).catch(() => null);
    return asked?.state === "granted";
  }

  static get possible() {
    return Boolean(navigator.requestMIDIAccess);
  }

  /** Names of the keyboards that are plugged in. */
  get names() {
    return [...this.#heard.keys()].map((input) => input.name || "a MIDI keyboard");
  }

  /** Asks the browser for its keyboards, once; it may ask the visitor. */
  async open() {
    if (this.#access) return;
    this.#access = await navigator.requestMIDIAccess();
    this.#access.addEventListener("statechange", () => this.#look());
    this.#look();
  }

  #look() {
    const there = new Set([...this.#access.inputs.values()].filter((input) => input.state === "connected"));
    for (const input of [...this.#heard.keys()]) if (!there.has(input)) this.#leave(input);
    for (const input of there) if (!this.#heard.has(input)) this.#hear(input);
    this.dispatchEvent(new Event("plugged"));
  }

  #hear(input) {
    const message = ({ data, timeStamp }) => {
      const event = keyEvent(data, timeStamp / 1000);
      if (event) this.dispatchEvent(new CustomEvent("key", { detail: event }));
    };
    input.addEventListener("midimessage", message);
    input.open?.().catch(() => {}); // another program may have it; it is heard once that lets go
    this.#heard.set(input, message);
  }

  #leave(input) {
    input.removeEventListener("midimessage", this.#heard.get(input));
    this.#heard.delete(input);
  }
}
