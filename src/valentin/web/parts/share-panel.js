import { clock } from "../lib/layout.js";
import { farSaid, sizeSaid } from "../lib/moved.js";
import { ask } from "./take.js";

/**
 * <share-panel data-piece data-languages="de en" data-halls="dry recital">: pages to send on: made, saved, put away.
 *
 * What plays is said by `wish`, a function that gives the address' query; with `data-take` a take of
 * one's own is shared, and who plays can be named. Fires `changed` when the list is another.
 */

const EVERY_MS = 700;
const USUAL_HALL = "recital"; // a dry room is for practising
const languageName = (code) => new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;

function made(tag, fields = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), fields);
  element.append(...inside);
  return element;
}

export class SharePanel extends HTMLElement {
  wish = () => ({});
  #list = made("ul", { className: "shares" });
  #said = made("p", { className: "shares-said" });
  #language = made("select");
  #by = made("input", { maxLength: 80, size: 14, autocomplete: "name" });
  #byLabel = made("label", {}, "who plays ", this.#by);
  #hall = made("select");
  #button = made("button", { type: "button", textContent: "Make the page" });
  #watching = false;

  connectedCallback() {
    this.#said.setAttribute("role", "status");
    for (const code of (this.dataset.languages ?? "en").split(" ")) {
      this.#language.append(made("option", { value: code, textContent: languageName(code) }));
    }
    this.#language.value = "en";
    for (const name of (this.dataset.halls ?? USUAL_HALL).split(" ")) {
      this.#hall.append(made("option", { value: name, textContent: name.replaceAll("-", " ") }));
    }
    this.hall = "";
    this.#byLabel.hidden = !this.dataset.take;
    this.#button.addEventListener("click", () => this.#begin());
    const form = made("p", { className: "share-form" }, made("label", {}, "language ", this.#language), made("label", {}, "hall ", this.#hall), this.#byLabel, this.#button);
    this.replaceChildren(form, this.#said, this.#list);
    this.show();
  }

  static observedAttributes = ["data-take"];

  attributeChangedCallback() {
    this.#byLabel.hidden = !this.dataset.take;
  }

  /** Where it is to be heard; "" and "dry" are the usual hall. */
  set hall(name) {
    this.#hall.value = name && name !== "dry" ? name : USUAL_HALL;
  }

  /** Puts the keyboard where the page is asked for. */
  focus() {
    this.#language.focus();
  }

  get #path() {
    return `/pieces/${encodeURIComponent(this.dataset.piece)}/shares`;
  }

  async #begin() {
    const asked = new URLSearchParams({ language: this.#language.value, hall: this.#hall.value, ...this.wish() });
    if (this.dataset.take) {
      asked.set("take", this.dataset.take);
      asked.set("by", this.#by.value);
    }
    try {
      await ask("POST", `${this.#path}?${asked}`);
      this.#said.textContent = "";
    } catch (error) {
      this.#said.textContent = `The page cannot be made: ${error.message}`;
    }
    await this.show();
  }

  /** The list as it is now; while something is being made, again and again. */
  async show() {
    if (this.#watching) return;
    this.#watching = true;
    try {
      for (;;) {
        const { shares } = await ask("GET", this.#path);
        this.#draw(shares);
        if (!this.isConnected || !shares.some(({ ready, failed }) => !ready && !failed)) break;
        await new Promise((later) => setTimeout(later, EVERY_MS));
      }
    } catch {
      this.#said.textContent = "The studio does not answer. Is it still running?";
    } finally {
      this.#watching = false;
    }
  }

  #draw(shares) {
    const before = new Map([...this.#list.children].map((row) => [row.dataset.share, row]));
    const rows = shares.map((share) => {
      const state = share.ready ? "ready" : share.failed ? "failed" : "making";
      const there = before.get(share.id);
      const row = there?.dataset.state === state ? there : this.#row(share, state);
      if (state === "making") {
        row.querySelector("progress").value = share.share;
        row.querySelector(".far").textContent = farSaid(share);
      }
      return row;
    });
    const same = rows.length === this.#list.children.length && rows.every((row, i) => row === this.#list.children[i]);
    if (same) return;
    const held = document.activeElement?.closest(".shares li")?.dataset.share;
    this.#list.replaceChildren(...rows);
    if (held) this.#list.querySelector(`[data-share="${CSS.escape(held)}"] :is(a, button)`)?.focus();
    this.dispatchEvent(new Event("changed"));
  }

  #row(share, state) {
    const who = share.take ? share.by || "your take" : "valentin";
    const what = `${who}, ${languageName(share.language)}, ${share.hall}`;
    const row = made("li", {}, made("span", { className: "what", textContent: what }));
    row.dataset.share = share.id;
    row.dataset.state = state;
    const away = made("button", { type: "button", className: "plain" });
    if (state === "ready") {
      const save = made("a", { href: share.url, download: share.file, textContent: `Save (${sizeSaid(share.bytes)}, ${clock(share.length_s)})` });
      const open = made("a", { href: share.url, target: "_blank", rel: "noopener", textContent: "Open" });
      row.append(save, open, away);
      away.textContent = "Delete";
    } else {
      const bar = made("progress", { max: 1, value: 0 });
      bar.setAttribute("aria-label", `Making the page: ${what}`);
      row.append(...(state === "making" ? [bar] : []), made("span", { className: "far", textContent: farSaid(share) }), away);
      away.textContent = state === "making" ? "Cancel" : "Put away";
    }
    away.setAttribute("aria-label", `${away.textContent} the page: ${what}`);
    away.addEventListener("click", async () => {
      await ask("DELETE", `/shares/${share.id}`).catch(() => {});
      await this.show();
      this.#button.focus();
    });
    return row;
  }
}

customElements.define("share-panel", SharePanel);
