import { Orchestra } from "../parts/orchestra.js";
import { $, piece, state, stateIs } from "./room.js";
import { hearing, listen, openMidi } from "./taking.js";
import { finish, view } from "./stand.js";

/** Concerto: the visitor plays, and the orchestra, or the other hand, plays with them. */

const DOING = {
  ready: "You begin.",
  leads: "The orchestra leads; your entry is coming.",
  plays: "Together.",
  waits: "It waits for you.",
  rests: "At rest. Play, and it goes on with you.",
  lost: "What you play does not seem to be this piece, or not this place; it waits.",
  over: "The end. Choose a bar and begin again, or press Done.",
};
const SILENT_MS = 10_000; // without a key, after which the keyboard is asked about
const LED_S = 1.5; // after the last key, from which the page goes with the orchestra
let orchestra = null;
let begun = false;
let struck = -Infinity;
let silent = null;
let telling = null;

const ms = (seconds) => `${Math.round(1000 * seconds)} ms`;

/** A key of the visitor's moved. */
export function heard(event) {
  if (!orchestra || !stateIs("concerto")) return;
  if (event.kind === "down") {
    struck = event.time_s;
    clearTimeout(silent);
    if (!begun) begin();
  }
  orchestra.key(event);
}

function begin() {
  if (!orchestra || $("concerto-begin").disabled) return;
  begun = true;
  $("concerto-begin").disabled = true;
  orchestra.begin();
  silent = setTimeout(() => {
    $("concerto-said").textContent = "No key has been heard yet. Is the keyboard switched on? Or play with the letters.";
  }, SILENT_MS);
}

function latency() {
  if (!orchestra) return;
  const { studio_s, card_s } = orchestra.ways;
  const answer = orchestra.answer_s === null ? "" : ` An answer to your key is heard after ${ms(orchestra.answer_s)}.`;
  const late = orchestra.late ? ` ${orchestra.late} of ${orchestra.played} notes came late.` : "";
  $("concerto-latency").textContent = `To the studio and back ${ms(studio_s)}, sound card ${ms(card_s)}.${answer}${late}`;
}

/** Lays out the evening anew: who is live, from which bar. */
async function sit() {
  leave();
  const asked = { hand: $("concerto-hand").value, from: $("from").value.trim() };
  const mine = (orchestra = new Orchestra(piece, asked));
  $("concerto-doing").textContent = "The orchestra takes its seats …";
  mine.addEventListener("seated", ({ detail }) => {
    $("concerto-doing").textContent = `The orchestra takes its seats: ${detail.seated} of ${detail.of} …`;
  });
  mine.addEventListener("ready", ({ detail }) => {
    $("concerto-begin").disabled = false;
    $("concerto-doing").textContent = `You play the ${detail.soloist}. Begin when you like.`;
    document.body.dataset.concerto = "ready";
    telling = setInterval(latency, 500);
    latency();
  });
  mine.addEventListener("doing", ({ detail }) => {
    if (!begun) return;
    $("concerto-doing").textContent = DOING[detail.doing];
    document.body.dataset.concerto = detail.doing;
  });
  mine.addEventListener("place", ({ detail }) => detail.id && view.stand(detail.id));
  mine.addEventListener("led", ({ detail }) => {
    if (detail.time_s - struck > LED_S) view.stand(detail.id);
  });
  mine.addEventListener("refused", ({ detail }) => {
    if (orchestra !== mine) return;
    leave();
    if (detail.alone && !$("concerto-hand").value) {
      $("concerto-hand").value = $("hand").value || "right";
      return sit();
    }
    $("concerto-doing").textContent = detail.words;
    document.body.dataset.concerto = "refused";
  });
  mine.addEventListener("gone", () => {
    leave();
    $("concerto-doing").textContent = "The studio does not answer. Is it still running?";
    document.body.dataset.concerto = "gone";
  });
  mine.open();
}

function leave() {
  clearInterval(telling);
  clearTimeout(silent);
  orchestra?.close();
  orchestra = null;
  begun = false;
  struck = -Infinity;
  $("concerto-begin").disabled = true;
  delete document.body.dataset.concerto;
}

async function open() {
  finish();
  if (!stateIs("ready")) return;
  state("concerto");
  $("concerto").hidden = false;
  $("concerto-said").textContent = "One moment …";
  sit();
  $("concerto-said").textContent = await openMidi();
}

/** Out of the concerto, back to the stand. */
export function close() {
  leave();
  view.hideCursor();
  $("concerto").hidden = true;
  state("ready");
}

export function wire() {
  $("together").addEventListener("click", open);
  $("concerto-begin").addEventListener("click", begin);
  $("concerto-done").addEventListener("click", close);
  $("concerto-hand").addEventListener("change", sit);
  $("from").addEventListener("change", () => stateIs("concerto") && sit());
  view.addEventListener("chosen", () => stateIs("concerto") && sit());
  listen(heard, (said, names) => {
    if (!stateIs("concerto")) return;
    $("concerto-said").textContent = hearing(names) ? said : `The keyboard is gone; the orchestra is at rest. ${said}`;
    if (!hearing(names)) orchestra?.unplugged();
  });
}
