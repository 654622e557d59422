import { fill } from "./captions.js";
import { soundUrl } from "./player.js";

/** Two ways to play a bar: hear both, say which one breathes, see the beats. */

export class WaysDialog {
  #dialog = document.getElementById("ways");
  #words;
  #sounds = [];
  #ways = null;
  #heard = new Set();

  constructor(words) {
    this.#words = words;
    this.#dialog.addEventListener("click", (event) => this.#pressed(event.target.closest("button")));
    this.#dialog.addEventListener("close", () => this.#hush());
  }

  /** How the bars of a comparison are called. */
  bars(ways) {
    const [first, last] = ways.bars;
    return fill(this.#words, first === last ? "page.bar_one" : "page.bar_more", { first, last });
  }

  open(ways) {
    if (this.#ways !== ways) {
      this.#ways = ways;
      this.#heard.clear();
      this.#sounds = ways.sounds.map((id) => new Audio(soundUrl(id)));
      this.#sounds.forEach((audio, i) => audio.addEventListener("ended", () => this.#press(i, false)));
      this.#dialog.querySelector(".told").textContent = "";
      this.#dialog.querySelector("h2").textContent = fill(this.#words, "page.two_ways_ask", { bars: this.bars(ways) });
      for (const button of this.#dialog.querySelectorAll(".choose")) button.disabled = true;
      for (const drawn of this.#dialog.querySelectorAll(".beats")) drawn.replaceChildren();
    }
    this.#dialog.showModal();
  }

  #pressed(button) {
    if (!button) return;
    if (button.matches(".close")) this.#dialog.close();
    else if (button.dataset.way) this.#play(Number(button.dataset.way));
    else if (button.dataset.choose) this.#tell(Number(button.dataset.choose));
  }

  #play(i) {
    const audio = this.#sounds[i];
    const again = !audio.paused;
    this.#hush();
    if (again) return;
    audio.currentTime = 0;
    audio.play();
    this.#press(i, true);
    this.#heard.add(i);
    if (this.#heard.size === this.#sounds.length) {
      for (const button of this.#dialog.querySelectorAll(".choose")) button.disabled = false;
    }
  }

  #hush() {
    this.#sounds.forEach((audio, i) => {
      audio.pause();
      this.#press(i, false);
    });
  }

  #press(i, on) {
    this.#dialog.querySelector(`button[data-way="${i}"]`).setAttribute("aria-pressed", String(on));
  }

  /** Both ways' beats, drawn to one scale, and in words. */
  #tell(i) {
    const letters = "AB";
    const right = i === this.#ways.breathes;
    const lines = [
      fill(this.#words, right ? "page.told_right" : "page.told_other", { letter: letters[this.#ways.breathes] }),
      ...this.#ways.beats.map((beats, k) =>
        fill(this.#words, "page.told_beats", { letter: letters[k], beats: beats.map((s) => this.#decimal(s)).join(" · ") }),
      ),
    ];
    this.#dialog.querySelector(".told").replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })),
    );
    const whole = Math.max(...this.#ways.beats.map((beats) => beats.reduce((sum, s) => sum + s, 0)));
    this.#ways.beats.forEach((beats, k) => this.#draw(k, beats, whole));
  }

  #decimal(seconds) {
    return seconds.toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }

  /** A beat is an arc as wide as it lasts and as high as it is wide. */
  #draw(k, beats, whole) {
    const drawn = this.#dialog.querySelector(`.beats[data-way="${k}"]`);
    const longest = Math.max(...this.#ways.beats.flat());
    let x = 2;
    drawn.replaceChildren(
      ...beats.map((seconds) => {
        const wide = (seconds / whole) * 296;
        const tall = 34 * (seconds / longest);
        const arc = document.createElementNS("http://www.w3.org/2000/svg", "path");
        arc.setAttribute("d", `M${x} 38 Q${x + wide / 2} ${38 - 2 * tall} ${x + wide} 38`);
        x += wide;
        return arc;
      }),
    );
  }
}
