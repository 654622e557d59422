import { clock } from "../lib/layout.js";
import { pitchOf } from "../lib/keys.js";
import { Sound } from "../parts/sound.js";
import { Keys } from "../parts/keys.js";
import "../parts/score-view.js";

/** The studio's page: the score, Play, and the way to a lesson. */

const $ = (id) => document.getElementById(id);
const piece = document.body.dataset.piece;
const view = document.querySelector("score-view");
const sound = new Sound(finish);
const keys = new Keys();
let rendition = null;
let stops = [];

function say(words, wrong = false) {
  $("status").textContent = words;
  $("status").classList.toggle("error", wrong);
}

/** What went wrong, for a reader: a request that never arrived has no words of its own. */
function reason(error) {
  return error instanceof TypeError ? "the studio does not answer. Is it still running?" : error.message;
}

function state(name) {
  document.body.dataset.state = name;
  $("play").firstElementChild.textContent = { playing: "Pause", paused: "Go on", waiting: "One moment" }[name] ?? "Play";
}

async function open() {
  try {
    await view.show(piece);
    view.mark($("bar").value);
    say("");
    $("play").disabled = false;
    state("ready");
  } catch (error) {
    say(`The score could not be shown: ${reason(error)}`, true);
    state("error");
  }
}

/** What is asked for: bars, tempo, hand. */
function wish() {
  const asked = new URLSearchParams({ bar: $("bar").value.trim(), tempo: String($("tempo").value / 100) });
  if ($("hand").value) asked.set("hand", $("hand").value);
  return asked.toString();
}

async function start() {
  state("waiting");
  sound.prepare();
  try {
    const answer = await fetch(`/pieces/${encodeURIComponent(piece)}/rendition?${wish()}`);
    if (!answer.ok) throw new Error(await answer.text());
    rendition = await answer.json();
    stops = view.stops(rendition.steps);
    await sound.play(rendition.sound);
    if (document.body.dataset.state !== "waiting") return;
    say("");
    state("playing");
    requestAnimationFrame(frame);
  } catch (error) {
    await sound.stop();
    say(`It cannot be played: ${reason(error)}`, true);
    state("ready");
  }
}

function frame() {
  if (document.body.dataset.state !== "playing") return;
  view.follow(stops, sound.time);
  $("clock").textContent = `${clock(sound.time)} / ${clock(rendition.duration_s)}`;
  requestAnimationFrame(frame);
}

async function press() {
  const now = document.body.dataset.state;
  if (now === "ready") await start();
  else if (now === "playing") {
    await sound.pause();
    state("paused");
  } else if (now === "paused") {
    await sound.resume();
    state("playing");
    requestAnimationFrame(frame);
  }
}

async function finish() {
  await sound.stop();
  view.hideCursor();
  state("ready");
}

/** Another bar, tempo or hand: begin again from there if something sounds. */
async function again() {
  const now = document.body.dataset.state;
  view.mark($("bar").value.trim());
  if (now === "playing" || now === "paused") {
    await finish();
    if (now === "playing") await start();
  }
}

$("play").addEventListener("click", press);
$("tempo").addEventListener("input", () => ($("tempo-said").textContent = `${$("tempo").value} %`));
for (const id of ["bar", "tempo", "hand"]) $(id).addEventListener("change", again);
view.addEventListener("click", (event) => {
  const area = event.target.closest(".bar-area");
  if (!area) return;
  $("bar").value = area.dataset.bar;
  again();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.matches("input[type=text], select")) return;
  const pitch = $("letters").checked ? pitchOf(event.key) : null;
  if (pitch !== null) keys.down(pitch);
  else if (event.key === " " && !event.target.matches("button, a, input, summary")) {
    event.preventDefault();
    press();
  } else if (event.key === "Escape") finish();
});
document.addEventListener("keyup", (event) => {
  const pitch = pitchOf(event.key);
  if (pitch !== null) keys.up(pitch);
});

let resizing = 0;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(async () => {
    try {
      await view.show(piece);
    } catch (error) {
      say(`The score could not be laid out anew: ${reason(error)}`, true);
      return;
    }
    view.mark($("bar").value.trim());
    if (rendition) stops = view.stops(rendition.steps);
  }, 250);
});

open();
