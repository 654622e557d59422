import { COUNT, LOWEST, pianoKeys } from "../lib/keys.js";

/**
 * <piano-keys>: a small keyboard to touch, with the letters that strike it.
 *
 * Fires `strike` and `release` with `detail.pitch`. One key is in the order of Tab; arrows move.
 */

const MOST_OCTAVES = 2;

export class PianoKeys extends HTMLElement {
  octave = 0;
  #held = new Set();

  connectedCallback() {
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", "A small piano keyboard");
    this.#draw();
    this.addEventListener("pointerdown", (event) => this.#touch(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("keyup", (event) => {
      if (event.key === " " || event.key === "Enter") this.#let(Number(event.target.dataset.pitch));
    });
  }

  /** The pitches there are. */
  get pitches() {
    return Array.from({ length: COUNT }, (_, i) => LOWEST + 12 * this.octave + i);
  }

  /** Octaves up or down. */
  shift(by) {
    const octave = Math.min(MOST_OCTAVES, Math.max(-MOST_OCTAVES, this.octave + by));
    if (octave === this.octave) return;
    for (const pitch of [...this.#held]) this.#let(pitch);
    this.octave = octave;
    this.#draw();
    this.dispatchEvent(new Event("shifted"));
  }

  /** Shows a key as down or up. */
  show(pitch, down) {
    this.querySelector(`[data-pitch="${pitch}"]`)?.classList.toggle("down", down);
  }

  #draw() {
    const keys = pianoKeys(this.octave);
    this.style.setProperty("--whites", String(keys.filter((key) => !key.black).length));
    this.replaceChildren(
      ...keys.map(({ pitch, letter, black, white, name }, i) => {
        const key = document.createElement("button");
        key.type = "button";
        key.tabIndex = i === 0 ? 0 : -1;
        key.className = black ? "black" : "white";
        key.dataset.pitch = String(pitch);
        key.style.setProperty("--white", String(white));
        key.setAttribute("aria-label", name);
        const said = document.createElement("kbd");
        said.textContent = letter.toUpperCase();
        key.append(said);
        return key;
      }),
    );
  }

  #touch(event) {
    let key = event.target.closest("button");
    if (!key || event.button !== 0) return;
    if (event.pointerType !== "touch") event.target.setPointerCapture?.(event.pointerId);
    else event.target.releasePointerCapture?.(event.pointerId);
    this.#strike(Number(key.dataset.pitch));
    const id = event.pointerId;
    const move = (moved) => {
      if (moved.pointerId !== id) return;
      const under = document.elementFromPoint(moved.clientX, moved.clientY)?.closest("piano-keys button");
      if (!under || under === key) return;
      this.#let(Number(key.dataset.pitch));
      key = under;
      this.#strike(Number(key.dataset.pitch));
    };
    const done = (up) => {
      if (up.pointerId !== id) return;
      this.#let(Number(key.dataset.pitch));
      for (const [kind, what] of [["pointermove", move], ["pointerup", done], ["pointercancel", done]]) {
        removeEventListener(kind, what);
      }
    };
    for (const [kind, what] of [["pointermove", move], ["pointerup", done], ["pointercancel", done]]) {
      addEventListener(kind, what);
    }
  }

  #key(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const keys = [...this.querySelectorAll("button")];
    const at = keys.indexOf(event.target);
    if (by && keys[at + by]) {
      event.preventDefault();
      event.target.tabIndex = -1;
      keys[at + by].tabIndex = 0;
      keys[at + by].focus();
    } else if ((event.key === " " || event.key === "Enter") && !event.repeat) {
      event.preventDefault();
      event.stopPropagation();
      this.#strike(Number(event.target.dataset.pitch));
    }
  }

  #strike(pitch) {
    this.#held.add(pitch);
    this.dispatchEvent(new CustomEvent("strike", { detail: { pitch } }));
  }

  #let(pitch) {
    if (this.#held.delete(pitch)) this.dispatchEvent(new CustomEvent("release", { detail: { pitch } }));
  }
}

customElements.define("piano-keys", PianoKeys);
