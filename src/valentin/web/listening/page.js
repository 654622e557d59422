import { askAt, cueAt, fill } from "./captions.js";
import { drawContour } from "./contour.js";
import { Kept } from "./keeping.js";
import { Painter } from "./painter.js";
import { Player } from "./player.js";
import { barAt, clockOf, contourOf } from "./shapes.js";
import { Sheet } from "./sheet.js";
import { WaysDialog } from "./ways.js";

/** A listening page: one tap, and the music plays and is seen. */

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const say = (key, fields) => fill(data.words, key, fields);
const players = data.pieces.map((piece) => new Player(piece.sounds));
const painter = new Painter(byId("picture"));
const sheet = new Sheet(byId("sheet"));
const ways = new WaysDialog(data.words);
const tried = new Set();
let piece = data.pieces[0];
let player = players[0];
let contour = [];
let asked = "";
let told = null;
let lastSecond = -1;
const kept = new Kept(data, (moment) => begin(moment.piece, moment.time), showMarks);

const thread = () => document.querySelector("[name=thread]:checked").value;
const missing = () => ({ "no-melody": 0, "no-bass": 2 })[player.name] ?? -1;
const onScore = () => byId("turn").getAttribute("aria-pressed") === "true";

/** Lights down, the piece from a moment. */
function begin(number, time = 0) {
  if (player !== players[number - 1]) player.pause();
  piece = data.pieces[number - 1];
  player = players[number - 1];
  document.body.dataset.scene = "stage";
  document.documentElement.dataset.light = "dark";
  byId("stage").hidden = false;
  byId("door").hidden = true;
  byId("name").textContent = piece.title;
  byId("place").max = piece.length;
  for (const button of document.querySelectorAll(".voice")) {
    button.hidden = !player.has(`no-${button.dataset.voice}`);
  }
  byId("two").hidden = piece.ways === null;
  contour = contourOf(piece.shapes, piece.length, Math.max(96, Math.round(innerWidth / 5)));
  painter.load(piece);
  if (onScore()) sheet.show(piece);
  player.seek(time);
  lastSecond = -1;
  playOn();
  player.audio.onended = ended;
  byId("play").focus({ preventScroll: true });
}

function playOn() {
  player.play().then(() => setTimeout(() => player.prepare(), 1500), () => showPlaying());
  showPlaying();
}

function showPlaying() {
  const on = player.playing;
  document.body.dataset.state = on ? "playing" : "ready";
  byId("play").setAttribute("aria-label", say(on ? "page.pause" : "page.play"));
}

function toggle() {
  if (player.playing) player.pause();
  else {
    if (player.audio.ended) player.seek(0);
    return playOn();
  }
  showPlaying();
}

/** Lights up; in a recital, what comes next. */
function ended() {
  showPlaying();
  const next = data.pieces[piece.number];
  if (next) setAsk("next", say("page.next", { title: next.title }));
  else setAsk("again", say("page.again"));
}

/** Takes a voice away, or brings it back. */
function takeAway(voice) {
  const name = `no-${voice}`;
  const to = player.name === name ? "whole" : name;
  tried.add("away");
  for (const button of document.querySelectorAll(".voice")) {
    const gone = to === `no-${button.dataset.voice}`;
    button.setAttribute("aria-pressed", String(!gone));
    button.setAttribute("aria-label", say(`page.${gone ? "back" : "take"}_${button.dataset.voice}`));
  }
  player.use(to).then(() => {
    player.audio.onended = ended;
    showPlaying();
  });
}

function openWays() {
  tried.add("ways");
  player.pause();
  showPlaying();
  ways.open(piece.ways);
}

/** One line that offers something to do, and is gone again. */
function setAsk(what, text = "") {
  if (what === asked) return;
  asked = what;
  const button = byId("ask");
  button.textContent = text;
  button.hidden = !what;
}

function offer(time) {
  if (player.audio.ended) return;
  const can = {
    away: player.has("no-melody") && !tried.has("away"),
    ways: piece.ways !== null && !tried.has("ways"),
  };
  const what = thread() === "nothing" ? "" : askAt(time, can);
  if (what === "away") setAsk(what, say("page.try_away"));
  else if (what === "ways") setAsk(what, say("page.two_ways_ask", { bars: ways.bars(piece.ways) }));
  else setAsk("");
}

function answer() {
  const what = asked;
  setAsk("");
  if (what === "away") takeAway("melody");
  else if (what === "ways") openWays();
  else if (what === "next") begin(piece.number + 1);
  else if (what === "again") begin(piece.number);
}

function keep() {
  const time = Math.round(player.now());
  const moment = { piece: piece.number, time, bar: barAt(piece.bars, time) };
  kept.keep(moment);
  byId("said").textContent = say("page.kept_said", { ...clockOf(time), bar: moment.bar });
  const button = byId("keep");
  button.classList.remove("beat");
  requestAnimationFrame(() => button.classList.add("beat"));
}

function showMarks({ mine }) {
  document.querySelector("#all .count").textContent = String(mine.length);
  lastSecond = -1;
}

/** What changes once a second: the place, the landscape. */
function second(time) {
  const place = byId("place");
  if (document.activeElement !== place || !place.matches(":active")) place.value = time;
  const { minutes, seconds } = clockOf(time);
  place.setAttribute("aria-valuetext", say("page.place_said", { minutes, seconds, bar: barAt(piece.bars, time) }));
  const marks = [...kept.others.map((m) => [m, false]), ...kept.mine.map((m) => [m, true])]
    .filter(([moment]) => moment.piece === piece.number)
    .map(([moment, mine]) => ({ share: moment.time / piece.length, mine }));
  drawContour(byId("contour"), contour, time / piece.length, marks);
}

function frame() {
  if (document.body.dataset.scene === "stage") {
    const time = player.now();
    const words = thread();
    if (onScore()) sheet.follow(time);
    else painter.draw(time, missing(), words === "works");
    const cue = cueAt(piece.cues, time, words);
    const text = cue ? cue[words] : "";
    if (text !== told) {
      told = text;
      byId("cue").textContent = text;
    }
    offer(time);
    const now = Math.floor(time / 500);
    if (now !== lastSecond) second(time);
    lastSecond = now;
  }
  requestAnimationFrame(frame);
}

function turn() {
  const on = !onScore();
  byId("turn").setAttribute("aria-pressed", String(on));
  byId("picture").hidden = on;
  byId("sheet").hidden = !on;
  if (on) sheet.show(piece);
  else painter.measure();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".begin")) begin(Number(button.dataset.piece));
  else if (button.id === "play") toggle();
  else if (button.id === "turn") turn();
  else if (button.id === "ask") answer();
  else if (button.id === "keep") keep();
  else if (button.id === "two") openWays();
  else if (button.matches(".voice")) takeAway(button.dataset.voice);
  else if (button.dataset.opens === "kept") kept.open();
});
byId("picture").addEventListener("click", toggle);
byId("place").addEventListener("input", (event) => {
  player.seek(Number(event.target.value));
  lastSecond = -1;
  if (player.audio.ended || asked === "again" || asked === "next") setAsk("");
});
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.body.dataset.scene !== "stage" || document.querySelector("dialog[open]")) return;
  if (event.target.closest("button, input, summary, a")) return;
  event.preventDefault();
  toggle();
});
document.getElementById("ways").addEventListener("close", () => {
  if (!player.playing && !player.audio.ended) playOn();
});
addEventListener("resize", () => {
  painter.measure();
  if (onScore()) sheet.show(piece);
  lastSecond = -1;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => painter.measure());

/** The moment on the stage, in seconds: for who embeds or measures the page. */
globalThis.listening = { now: () => player.now() / 1000, sound: () => player.audio };
document.body.dataset.state = "ready";
requestAnimationFrame(frame);
