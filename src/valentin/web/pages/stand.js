import { clock } from "../lib/layout.js";
import { renditionQuery, soundAddress } from "../lib/wish.js";
import { Sound } from "../parts/sound.js";
import { $, piece, reason, say, state, stateIs } from "./room.js";
import "../parts/score-view.js";

/** The stand: the score, and playing it for the visitor. */

const CONTROLS = ["from", "to", "tempo", "hand", "performer", "character", "seed", "instrument", "hall"];
const PLAYED_BY = new Set(["from", "to", "tempo", "hand", "performer", "character", "seed"]);
const at = (what) => `/pieces/${encodeURIComponent(piece)}/${what}`;
export const view = document.querySelector("score-view");
const sound = new Sound(finish);
let told = null; // the rendition at hand, { query, promise }
let playing = null; // the rendition that sounds, and its stops on the page

const values = () => Object.fromEntries(CONTROLS.map((id) => [id, $(id).value.trim()]));
const sounding = () => stateIs("playing", "paused");

export async function open() {
  try {
    await view.show(piece);
    say("");
    state("ready");
    asked();
    rendition().catch(() => {}); // told when it is asked for
  } catch (error) {
    say(`The score could not be shown: ${reason(error)}`, true);
    state("error");
  }
}

/** The bars that are chosen with both their ends: what is played is meant to be these alone. */
export function chosenAlone() {
  const [first, last] = view.range;
  return last ? [first, last] : null;
}

/** The bars that the address names, as the practice plan's links do. */
function asked() {
  const wanted = new URLSearchParams(location.search);
  if (wanted.get("from") && view.choose(wanted.get("from"), wanted.get("to") ?? "")) chosen();
}

/** How it is played as now wished; asked for ahead, so that the press finds it ready. */
function rendition() {
  const query = renditionQuery(values());
  if (told?.query !== query) {
    const promise = fetch(at(`rendition?${query}`)).then(async (answer) => {
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json();
    });
    promise.catch(() => (told = null));
    told = { query, promise };
  }
  return told.promise;
}

/** Plays from a moment of the music, which `moment` finds in the rendition. */
async function start(moment = () => 0, countIn = $("count-in").checked) {
  state("waiting");
  sound.prepare();
  try {
    const rendered = await rendition();
    if (!stateIs("waiting")) return;
    const stops = view.stops(rendered.steps);
    playing = { ...rendered, stops };
    const from = Math.max(0, moment(stops) ?? 0);
    const address = (second) => soundAddress(rendered.sound, values(), second);
    const { start_s: first, end_s: end, beats, count_in: countInBeats } = rendered;
    await sound.play({ address, start: first, end, beats, countIn: countInBeats }, from, countIn && from === 0);
    if (!stateIs("waiting")) return;
    say("");
    state("playing");
    requestAnimationFrame(frame);
  } catch (error) {
    sound.stop();
    say(`It cannot be played: ${reason(error)}`, true);
    state("ready");
  }
}

function frame() {
  if (!stateIs("playing")) return;
  const time = sound.time;
  if (time >= 0) view.follow(playing.stops, time);
  const before = playing.count_in.filter(([beat]) => beat > time && beat < 0).length;
  $("clock").textContent = time < 0 ? `${before + 1} …` : `${clock(time)} / ${clock(playing.duration_s)}`;
  requestAnimationFrame(frame);
}

export async function press() {
  if (stateIs("ready")) await start();
  else if (stateIs("playing")) {
    await sound.pause();
    state("paused");
  } else if (stateIs("paused")) {
    await sound.resume();
    state("playing");
    requestAnimationFrame(frame);
  }
}

export function finish() {
  if (!stateIs("waiting", "playing", "paused")) return;
  sound.stop();
  view.hideCursor();
  state("ready");
}

/** The place on the page where the music is now, in another rendition of it. */
function samePlace() {
  const time = sound.time;
  const here = playing.stops.filter((stop) => stop.time <= time).at(-1);
  return (stops) => stops.find((stop) => stop.line === here?.line && stop.x >= here.x)?.time;
}

/** Something is wished otherwise: what sounds goes on from the same place, in the new way. */
async function again(event) {
  const id = event.target.id;
  if (id === "from" || id === "to") {
    if (!view.choose($("from").value.trim(), $("to").value.trim())) {
      const [first, last] = [view.numbers.find(Boolean), view.numbers.findLast(Boolean)];
      const wanted = `bar ${$("from").value}${$("to").value ? ` to ${$("to").value}` : ""}`;
      return say(`There is no ${wanted} here: the piece has bars ${first} to ${last}, and the first comes first.`, true);
    }
    return chosen();
  }
  if (stateIs("playing")) {
    const where = samePlace();
    finish();
    await start(where, false);
  } else {
    if (PLAYED_BY.has(id)) finish();
    rendition().catch(() => {});
  }
}

/** Other bars are chosen: while it sounds, play goes there, and stays inside them. */
async function chosen() {
  [$("from").value, $("to").value] = view.range;
  $("whole").hidden = !view.chosen;
  say(view.chosen ? `Chosen: ${view.words}.` : "");
  const was = stateIs("playing");
  finish();
  if (was) await start();
  else rendition().catch(() => {});
}

async function show() {
  try {
    await view.show(piece);
  } catch (error) {
    return say(`The score could not be laid out anew: ${reason(error)}`, true);
  }
  if (playing) playing.stops = view.stops(playing.steps);
}

export function wire() {
  $("play").addEventListener("click", press);
  $("tempo").addEventListener("input", () => ($("tempo-said").textContent = `${$("tempo").value} %`));
  for (const id of CONTROLS) $(id).addEventListener("change", again);
  $("loop").addEventListener("change", () => (sound.looping = $("loop").checked));
  $("metronome").addEventListener("change", () => (sound.metronome = $("metronome").checked));
  $("whole").addEventListener("click", () => {
    view.choose("", "");
    chosen();
  });
  view.addEventListener("chosen", chosen);
  view.addEventListener("enter", () => (sounding() ? finish() : null, start()));
  for (const [id, by] of [["smaller", -1], ["larger", 1]]) {
    $(id).addEventListener("click", () => {
      view.zoomBy(by);
      show();
    });
  }
  let resizing = 0;
  addEventListener("resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(show, 250);
  });
}
