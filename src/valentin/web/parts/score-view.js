import { spotAt } from "../lib/glide.js";
import { firstZoom, spacesFor, zoomBy } from "../lib/layout.js";
import { alone, ends, fromHere, named, reach, said, step } from "../lib/selection.js";

/**
 * <score-view>: the engraved score, bars to choose, and a cursor that glides with the sound.
 *
 * Fires `chosen` when other bars are chosen, `enter` when Enter is pressed on them, `laid` when it is
 * laid out anew.
 */

const KEPT = "zoom";
const HANDS_OFF_MS = 4000; // after the reader has scrolled, the page leaves it there this long

export class ScoreView extends HTMLElement {
  systems = [];
  numbers = [];
  /** @type {import("../lib/selection.js").Chosen | null} */
  chosen = null;
  zoom = Number(localStorage.getItem(KEPT)) || firstZoom(innerWidth);
  #spaces = 0;
  #places = new Map();
  #areas = [];
  #line = -1;
  #scrolled = -Infinity;

  connectedCallback() {
    this.tabIndex = 0;
    this.style.setProperty("--zoom", String(this.zoom));
    this.addEventListener("pointerdown", (event) => this.#down(event));
    this.addEventListener("dblclick", (event) => this.#at(event) >= 0 && this.#set(alone(this.#at(event))));
    this.addEventListener("keydown", (event) => this.#key(event));
    for (const kind of ["wheel", "touchmove"]) {
      addEventListener(kind, () => (this.#scrolled = performance.now()), { passive: true });
    }
  }

  /** Engraves a piece for the width there is; again only where another width is wanted. */
  async show(piece) {
    const spaces = spacesFor(this.clientWidth, this.zoom);
    if (spaces === this.#spaces) return;
    const answer = await fetch(`/pieces/${encodeURIComponent(piece)}/score?spaces=${spaces}`);
    if (!answer.ok) throw new Error(await answer.text());
    this.innerHTML = await answer.text();
    this.#spaces = spaces;
    this.systems = [...this.querySelectorAll("svg.system")];
    this.#areas = [...this.querySelectorAll(".bar-area")];
    this.numbers = this.#areas.map((area) => area.dataset.bar);
    this.#places.clear();
    this.systems.forEach((system, line) => this.#prepare(system, line));
    this.#line = -1;
    this.#mark();
    this.dispatchEvent(new Event("laid"));
  }

  #prepare(system, line) {
    for (const note of system.querySelectorAll(".note[data-x]")) {
      const place = { line, x: Number(note.dataset.x) };
      if (!this.#places.has(note.dataset.id)) this.#places.set(note.dataset.id, place);
    }
  }

  /** Larger or smaller, kept in this browser; the caller then shows the piece again. */
  zoomBy(by) {
    this.zoom = zoomBy(this.zoom, by);
    localStorage.setItem(KEPT, String(this.zoom));
    this.style.setProperty("--zoom", String(this.zoom));
  }

  /** Steps of a rendition as places on this page. */
  stops(steps) {
    return steps.flatMap(([time, id]) => {
      const place = this.#places.get(id);
      return place ? [{ time, ...place }] : [];
    });
  }

  /** Moves the cursor to a moment; turns the page half a system before it is needed. */
  follow(stops, time) {
    const end = (line) => this.systems[line].viewBox.baseVal.width;
    const spot = spotAt(stops, time, end);
    if (!spot) return;
    if (spot.line !== this.#line) {
      this.hideCursor();
      this.#cursor(spot.line)?.classList.add("here");
      this.#line = spot.line;
      this.#bring(spot.line);
    } else if (spot.x > end(spot.line) / 2) {
      this.#bring(spot.line + 1);
    }
    this.#cursor(spot.line)?.setAttribute("transform", `translate(${spot.x} 0)`);
  }

  /** Puts the cursor at a note, and turns the page for it. */
  stand(id) {
    const place = this.#places.get(id);
    if (place) this.follow([{ time: 0, ...place }], 0);
  }

  hideCursor() {
    this.#cursor(this.#line)?.classList.remove("here");
    this.#line = -1;
  }

  #cursor(line) {
    return this.systems[line]?.querySelector(".cursor");
  }

  #bring(line) {
    const system = this.systems[line];
    if (!system || performance.now() - this.#scrolled < HANDS_OFF_MS) return;
    const box = system.getBoundingClientRect();
    const foot = document.querySelector(".foot")?.getBoundingClientRect().top ?? innerHeight;
    const desk = document.querySelector(".desk:not([hidden])")?.offsetHeight ?? 0;
    if (box.top >= desk && box.bottom <= foot) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = scrollY + box.top - desk - Math.min(96, Math.max(0, (foot - desk - box.height) / 3));
    scrollTo({ top, behavior: still ? "auto" : "smooth" });
  }

  #at(event) {
    return this.#areas.indexOf(document.elementFromPoint(event.clientX, event.clientY)?.closest(".bar-area"));
  }

  #down(event) {
    const bar = this.#at(event);
    if (bar < 0 || event.button !== 0) return;
    if (event.shiftKey && this.chosen) return this.#set(reach(this.chosen, bar));
    let chosen = fromHere(bar);
    const move = (moved) => {
      const to = this.#at(moved);
      if (to < 0 || to === (chosen.open ? bar : chosen.focus)) return;
      chosen = reach(chosen, to);
      this.#mark(chosen);
    };
    const heard = new AbortController();
    const done = (up) => {
      heard.abort();
      if (up.type === "pointerup") this.#set(chosen);
      else this.#mark();
    };
    addEventListener("pointermove", move, heard);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, done, heard);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      this.#set(step(this.chosen, by, this.numbers.length, event.shiftKey));
      this.#areas[this.chosen.focus].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.dispatchEvent(new Event("enter"));
    }
  }

  #set(chosen) {
    this.chosen = chosen;
    this.#mark();
    this.dispatchEvent(new Event("chosen"));
  }

  /** Chooses by printed numbers; false where a bar is not there. "" and "" choose the whole piece. */
  choose(from, to) {
    const chosen = from ? named(this.numbers, from, to) : null;
    if (from && !chosen) return false;
    this.chosen = chosen;
    this.#mark();
    return true;
  }

  /** Printed numbers of the first and the last bar chosen, "" for none. */
  get range() {
    if (!this.chosen) return ["", ""];
    const [first, last] = ends(this.chosen);
    return [this.numbers[first], last === null ? "" : this.numbers[last]];
  }

  /** What is chosen, in words. */
  get words() {
    return said(this.numbers, this.chosen);
  }

  #mark(chosen = this.chosen) {
    const [first, last] = chosen ? ends(chosen) : [Infinity, -1];
    this.#areas.forEach((area, bar) => {
      area.classList.toggle("chosen", bar >= first && bar <= (last ?? first));
      area.classList.toggle("onwards", last === null && bar === first);
    });
  }
}

customElements.define("score-view", ScoreView);
