import { barsSaid, resolvedSaid } from "../lib/lesson.js";
import { disagreement } from "../parts/disagreement.js";
import { ask } from "../parts/take.js";
import { $, reason, say, state, stateIs } from "./room.js";
import { view } from "./stand.js";

/** The lesson in place: the masterclass, its bars played again right here, and what one says to it. */

const EVERY_MS = 500;
let take = null;
let meant = new Map(); // remark → the word that can be taken back
let again = () => {};

/**
 * @param {(after: string, part: [string, string] | null) => void} begin begins a take of the bars
 *   that are chosen, after another
 */
export function wire(begin) {
  again = begin;
  $("back").addEventListener("click", close);
  $("note").addEventListener("submit", keepNote);
  new MutationObserver(sameLight).observe(document.documentElement, { attributeFilter: ["data-light"] });
}

/** The lesson is as light or dark as the studio. */
function sameLight() {
  const lesson = $("masterclass").contentDocument?.documentElement;
  lesson?.setAttribute("data-light", document.documentElement.dataset.light ?? "");
}

/**
 * Waits for the lesson on a take, says how far it is, and opens it.
 * @param {[string, string] | null} [bars] what was meant to be played, null for the piece
 */
export async function show(closed, bars = null) {
  take = closed;
  state("teaching");
  try {
    if (bars) await ask("POST", take.lesson, { bars });
    for (;;) {
      const { ready, words } = await ask("GET", `${take.lesson}/state`);
      if (take !== closed || !stateIs("teaching")) return;
      if (ready) break;
      say(`The lesson: ${words}`);
      await new Promise((later) => setTimeout(later, EVERY_MS));
    }
    const told = await ask("GET", `${take.lesson}/data`);
    await open(told);
  } catch (error) {
    state("ready");
    say(`The take is kept, but there is no lesson on it: ${reason(error)}`, true);
  }
}

async function open({ lesson, words, resolved }) {
  say("");
  const frame = $("masterclass");
  const loaded = new Promise((seen) => frame.addEventListener("load", seen, { once: true }));
  frame.src = take.lesson;
  $("resolved").textContent = resolvedSaid(resolved);
  meant = new Map(words.filter(({ kind }) => kind === "meant").map(({ remark, id }) => [remark, id]));
  $("remarks").replaceChildren(...lesson.remarks.map((remark, i) => row(remark, i + 1, lesson, words)));
  if (lesson.offer) $("remarks").append(offer(lesson.offer.map(String)));
  $("notes-kept").replaceChildren(...words.filter(({ kind }) => kind === "note").map(noteRow));
  $("lesson").hidden = false;
  await loaded;
  sameLight();
  document.body.dataset.lesson = take.id;
  state("lesson");
  $("lesson-title").focus();
}

function button(words, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}

/** A take that is too little for the piece may be meant as these bars. */
function offer(bars) {
  const item = document.createElement("li");
  item.append(button(`A lesson on ${barsSaid(bars)} alone`, () => {
    close();
    show(take, bars);
  }));
  return item;
}

/** One remark: play its bars again, say that it was meant, or that one sees it otherwise. */
function row(remark, number, lesson, words) {
  const item = document.createElement("li");
  const said = document.createElement("b");
  said.textContent = `Remark ${number}`;
  const repeat = button(`Play ${barsSaid(remark.bars)} again`, () => {
    close();
    view.choose(...remark.bars.map(String));
    view.dispatchEvent(new Event("chosen"));
    again(take.id, lesson.part?.map(String) ?? null);
  });
  item.append(said, repeat);
  if (remark.dimension !== "notes") { // other notes than the written are not meant
    const mean = button("", () => toggle(number, mean));
    label(number, mean);
    item.append(mean);
  }
  item.append(disagreement(take.id, number, words, say));
  return item;
}

function label(number, made) {
  made.textContent = meant.has(number) ? "✓ You meant that" : "I meant that";
  made.setAttribute("aria-pressed", String(meant.has(number)));
}

async function toggle(number, made) {
  try {
    if (meant.has(number)) {
      await ask("DELETE", `/words/${meant.get(number)}`);
      meant.delete(number);
    } else {
      const { word } = await ask("POST", `/takes/${take.id}/words`, { kind: "meant", by: "student", remark: number });
      meant.set(number, word.id);
    }
  } catch (error) {
    say(`That could not be kept: ${reason(error)}`, true);
  }
  label(number, made);
}

async function keepNote(event) {
  event.preventDefault();
  const [first, last, text] = ["note-from", "note-to", "note-text"].map((id) => $(id).value.trim());
  if (!text || !first) return;
  try {
    const { word } = await ask("POST", `/takes/${take.id}/words`, {
      kind: "note", by: "teacher", bars: [first, last || first], text,
    });
    $("notes-kept").append(noteRow(word));
    $("note").reset();
  } catch (error) {
    say(`The note could not be kept: ${reason(error)}`, true);
  }
}

function noteRow({ id, bars, text }) {
  const item = document.createElement("li");
  const said = document.createElement("span");
  said.textContent = `${barsSaid(bars)}: ${text}`;
  item.append(said, button("Take back", async () => {
    await ask("DELETE", `/words/${id}`);
    item.remove();
  }));
  return item;
}

/** Back to the score. */
export function close() {
  if (!stateIs("lesson")) return;
  $("lesson").hidden = true;
  $("masterclass").removeAttribute("src");
  delete document.body.dataset.lesson;
  state("ready");
}
