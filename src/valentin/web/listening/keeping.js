import { fill } from "./captions.js";
import { fromCard, fromFragment, toCard, toFragment } from "./moments.js";
import { clockOf } from "./shapes.js";

/** The moments that a listener keeps, and the ones that were sent back. Nothing leaves the page by itself. */

export class Kept {
  #dialog = document.getElementById("kept");
  #words;
  #data;
  #go;
  mine = [];
  others = [];

  /** @param {(moment: object) => void} go plays from a moment */
  constructor(data, go, changed) {
    this.#data = data;
    this.#words = data.words;
    this.#go = go;
    this.changed = changed;
    const share = this.#dialog.querySelector("[data-send=share]");
    share.hidden = !navigator.share;
    this.#dialog.addEventListener("click", (event) => this.#pressed(event.target.closest("button")));
    document.getElementById("card").addEventListener("change", (event) => this.#read(event.target));
    this.take(fromFragment(location.hash));
    addEventListener("hashchange", () => this.take(fromFragment(location.hash)));
  }

  #say(key, fields) {
    return fill(this.#words, key, fields);
  }

  said(moment) {
    return this.#say("page.moment", { ...clockOf(moment.time), bar: moment.bar });
  }

  keep(moment) {
    const near = this.mine.some((m) => m.piece === moment.piece && Math.abs(m.time - moment.time) < 1500);
    if (!near) this.mine.push(moment);
    this.mine.sort((a, b) => a.piece - b.piece || a.time - b.time);
    this.list();
  }

  /** Takes up a card that somebody sent back. */
  take(card) {
    if (!card) return false;
    const fits = card.page === this.#data.page;
    if (fits) this.others = card.moments.filter((m) => m.piece <= this.#data.pieces.length);
    this.list();
    return fits;
  }

  open() {
    this.list();
    this.#note("");
    this.#dialog.showModal();
  }

  list() {
    const [mine, others] = this.#dialog.querySelectorAll(".moments");
    mine.replaceChildren(...this.mine.map((moment) => this.#row(moment, true)));
    others.replaceChildren(...this.others.map((moment) => this.#row(moment, false)));
    this.#dialog.querySelector(".none").hidden = this.mine.length > 0;
    this.#dialog.querySelector(".send").hidden = this.mine.length === 0;
    this.#dialog.querySelector(".from").hidden = this.others.length === 0;
    this.changed(this);
  }

  #row(moment, mine) {
    const row = document.createElement("li");
    const several = this.#data.pieces.length > 1;
    const name = several ? `${this.#data.pieces[moment.piece - 1].title}, ` : "";
    const go = Object.assign(document.createElement("button"), { type: "button", textContent: name + this.said(moment) });
    go.addEventListener("click", () => {
      this.#dialog.close();
      this.#go(moment);
    });
    row.append(go);
    if (mine) {
      const away = Object.assign(document.createElement("button"), { type: "button", textContent: "×", className: "away" });
      away.setAttribute("aria-label", this.#say("page.forget", { moment: this.said(moment) }));
      away.addEventListener("click", () => {
        this.mine = this.mine.filter((each) => each !== moment);
        this.list();
      });
      row.append(away);
    }
    return row;
  }

  #note(text) {
    this.#dialog.querySelector(".note").textContent = text;
  }

  #pressed(button) {
    if (!button) return;
    if (button.matches(".close")) this.#dialog.close();
    const card = toCard(this.#data.page, this.#data.pieces.map(({ title }) => title), this.mine);
    if (button.dataset.send === "link") {
      const link = `${location.href.split("#")[0]}#${toFragment(this.#data.page, this.mine)}`;
      this.#copy(link);
    } else if (button.dataset.send === "file") {
      const url = URL.createObjectURL(new Blob([card], { type: "application/json" }));
      Object.assign(document.createElement("a"), { href: url, download: "moments.json" }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    } else if (button.dataset.send === "share") {
      const files = [new File([card], "moments.json", { type: "application/json" })];
      const text = this.mine.map((moment) => `♥ ${this.said(moment)}`).join("\n");
      const wish = navigator.canShare?.({ files }) ? { files, text } : { text };
      navigator.share(wish).catch(() => this.#note(""));
    }
  }

  /** Copies a link; where the browser does not let us, shows it to be copied by hand. */
  async #copy(link) {
    try {
      await navigator.clipboard.writeText(link);
      this.#note(this.#say("page.copied"));
    } catch {
      this.#note(link);
    }
  }

  async #read(input) {
    const card = input.files[0] ? fromCard(await input.files[0].text()) : null;
    if (!card) this.#note(this.#say("page.card_bad"));
    else if (!this.take(card)) this.#note(this.#say("page.card_other"));
    else this.#note(this.#say("page.card_opened", { count: this.others.length }));
    input.value = "";
  }
}
