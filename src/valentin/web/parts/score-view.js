import { spotAt } from "../lib/glide.js";
import { spacesFor } from "../lib/layout.js";

/** <score-view>: the engraved score, bars to press, and a cursor that glides with the sound. */

export class ScoreView extends HTMLElement {
  systems = [];
  #spaces = 0;
  #places = new Map();
  #line = -1;

  /** Engraves a piece for the width there is; again only where another width is wanted. */
  async show(piece) {
    const spaces = spacesFor(this.clientWidth);
    if (spaces === this.#spaces) return;
    const answer = await fetch(`/pieces/${encodeURIComponent(piece)}/score?spaces=${spaces}`);
    if (!answer.ok) throw new Error(await answer.text());
    this.innerHTML = await answer.text();
    this.#spaces = spaces;
    this.systems = [...this.querySelectorAll("svg.system")];
    this.#places.clear();
    this.systems.forEach((system, line) => this.#prepare(system, line));
    this.#line = -1;
  }

  #prepare(system, line) {
    for (const note of system.querySelectorAll(".note[data-x]")) {
      const place = { line, x: Number(note.dataset.x) };
      if (!this.#places.has(note.dataset.id)) this.#places.set(note.dataset.id, place);
    }
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
      this.#cursor(this.#line)?.classList.remove("here");
      this.#cursor(spot.line)?.classList.add("here");
      this.#line = spot.line;
      this.#bring(spot.line);
    } else if (spot.x > end(spot.line) / 2) {
      this.#bring(spot.line + 1);
    }
    this.#cursor(spot.line)?.setAttribute("transform", `translate(${spot.x} 0)`);
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
    if (!system) return;
    const box = system.getBoundingClientRect();
    const foot = document.querySelector(".foot")?.getBoundingClientRect().top ?? innerHeight;
    if (box.top >= 0 && box.bottom <= foot) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = scrollY + box.top - Math.min(96, Math.max(0, (foot - box.height) / 3));
    scrollTo({ top, behavior: still ? "auto" : "smooth" });
  }

  /** Marks the bar that playing starts from. */
  mark(bar) {
    for (const area of this.querySelectorAll(".bar-area")) {
      area.classList.toggle("from", area.dataset.bar === bar);
    }
  }
}

customElements.define("score-view", ScoreView);
