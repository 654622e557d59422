import { spotAt } from "../lib/glide.js";

/** The engraved score behind the picture, built when it is first asked for. */

export class Sheet {
  #box;
  #number = 0;
  #line = -1;
  #layout = "";
  #systems = [];
  #stops = [];

  constructor(box) {
    this.#box = box;
  }

  /** Shows a piece's score in the layout for the window there is. */
  show(piece) {
    const layout = this.#box.clientWidth < 640 ? "narrow" : "wide";
    if (this.#number === piece.number && this.#layout === layout) return;
    const held = document.getElementById(`score-${piece.number}-${layout}`);
    this.#box.replaceChildren(held.content.cloneNode(true));
    this.#number = piece.number;
    this.#layout = layout;
    this.#line = -1;
    this.#systems = [...this.#box.querySelectorAll("svg.system")];
    const places = new Map();
    this.#systems.forEach((system, line) => {
      for (const note of system.querySelectorAll(".note[data-x]")) {
        const place = { line, x: Number(note.dataset.x) };
        if (!places.has(note.dataset.id)) places.set(note.dataset.id, place);
      }
    });
    this.#stops = piece.steps.flatMap(([time, id]) => {
      const place = places.get(id);
      return place ? [{ time, ...place }] : [];
    });
  }

  /** Moves the cursor to a moment, and the page with it. */
  follow(time) {
    const end = (line) => this.#systems[line].viewBox.baseVal.width;
    const spot = spotAt(this.#stops, time / 1000, end);
    if (!spot) return;
    if (spot.line !== this.#line) {
      this.#systems[this.#line]?.querySelector(".cursor").classList.remove("here");
      this.#systems[spot.line].querySelector(".cursor").classList.add("here");
      this.#line = spot.line;
      this.#bring(this.#systems[spot.line]);
    }
    this.#systems[spot.line].querySelector(".cursor").setAttribute("transform", `translate(${spot.x} 0)`);
  }

  #bring(system) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const box = system.getBoundingClientRect();
    const own = this.#box.getBoundingClientRect();
    const to = this.#box.scrollTop + box.top - own.top - Math.max(0, (own.height - box.height) / 3);
    this.#box.scrollTo({ top: to, behavior: still ? "auto" : "smooth" });
  }
}
