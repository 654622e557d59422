import { sameMusic, spotAt } from "../lib/glide.js";

/** The lesson's page: two sounds to each remark, a cursor on the notes, readings of the curves. */

const steps = JSON.parse(document.getElementById("steps").textContent);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
let chosen = "1";
let playing = null;

/** The layout of the score that is to be seen. */
const visible = () => all(".score").find((score) => score.offsetParent !== null);

/** Where each step of a sound stands in the layout that is to be seen. */
function stopsOf(name) {
  const systems = all("svg.system", visible());
  const places = new Map();
  systems.forEach((system, line) => {
    for (const note of all(".note[data-x]", system)) {
      if (!places.has(note.dataset.id)) places.set(note.dataset.id, [line, Number(note.dataset.x)]);
    }
  });
  const stops = (steps[name] ?? []).filter(([, id]) => places.has(id)).map(([time, id]) => {
    const [line, x] = places.get(id);
    return { time, line, x };
  });
  return { systems, stops, end: (line) => systems[line].viewBox.baseVal.width };
}

function showCursor(audio, track) {
  const spot = spotAt(track.stops, audio.currentTime, track.end);
  track.systems.forEach((system, line) => {
    const cursor = system.querySelector(".cursor");
    const here = spot !== null && line === spot.line && !audio.paused;
    cursor.classList.toggle("here", here);
    if (here) cursor.setAttribute("transform", `translate(${spot.x} 0)`);
  });
  if (spot && spot.line !== track.line) {
    track.line = spot.line;
    track.systems[spot.line].scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
  const bar = document.querySelector(".foot progress");
  if (Number.isFinite(audio.duration)) bar.value = audio.currentTime / audio.duration;
}

function stop() {
  if (!playing) return;
  playing.audio.pause();
  showCursor(playing.audio, playing.track);
  playing = null;
  press();
}

/** Plays one sound of the chosen remark; from the same music, if its other sound is playing. */
function play(sound) {
  const name = `sound-${chosen}-${sound}`;
  const audio = document.getElementById(name);
  if (!audio) return;
  const before = playing;
  stop();
  if (before && before.name === name) return;
  const same = before && before.remark === chosen;
  audio.currentTime = same
    ? sameMusic(steps[before.name], steps[name], before.audio.currentTime)
    : 0;
  playing = { name, audio, sound, remark: chosen, track: stopsOf(name) };
  press();
  audio.play().then(() => requestAnimationFrame(frame), stop);
}

function frame() {
  if (!playing) return;
  if (playing.audio.ended) return stop();
  showCursor(playing.audio, playing.track);
  requestAnimationFrame(frame);
}

/** Buttons say what sounds and which remark is at hand. */
function press() {
  for (const button of all("[data-sound]")) {
    const on = playing && playing.remark === button.dataset.remark && playing.sound === button.dataset.sound;
    button.setAttribute("aria-pressed", String(Boolean(on)));
  }
  for (const pick of all(".pick")) pick.setAttribute("aria-pressed", String(pick.dataset.remark === chosen));
  for (const wash of all(".wash")) wash.classList.toggle("here", wash.dataset.remark === chosen);
  document.body.dataset.sounding = playing ? playing.name : "";
}

/** Makes a remark the one at hand and, if asked, goes to its card. */
function choose(number, go) {
  if (playing && playing.remark !== number) stop();
  chosen = number;
  for (const button of all(".foot [data-sound]")) button.dataset.remark = number;
  press();
  const card = visible().querySelector(`.card[data-remark="${number}"]`);
  if (go && card) {
    card.closest(".row").scrollIntoView({ block: "nearest" });
    card.scrollIntoView({ block: "nearest" });
    card.focus({ preventScroll: true });
  }
}

/** Puts one bar's reading under its system. */
function read(figure, rect) {
  for (const other of all(".reading.here", figure)) other.classList.remove("here");
  if (rect) rect.classList.add("here");
  figure.querySelector("figcaption").textContent = rect ? rect.dataset.words : "";
}

function stepReading(figure, by) {
  const rects = all(".reading", figure);
  const at = rects.findIndex((rect) => rect.classList.contains("here"));
  const next = at < 0 ? (by > 0 ? 0 : rects.length - 1) : at + by;
  if (rects[next]) read(figure, rects[next]);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-remark], #light, .reading");
  if (!target) return;
  if (target.id === "light") return turnLight();
  if (target.matches(".reading")) return read(target.closest("figure"), target);
  if (target.tagName === "A" || target.tagName === "a") event.preventDefault();
  const sound = target.dataset.sound;
  if (target.closest(".card") && !sound) return;
  choose(target.dataset.remark, !sound && !target.matches(".pick, .wash"));
  if (sound) play(sound);
});

document.addEventListener("pointerover", (event) => {
  const rect = event.target.closest?.(".reading");
  if (rect) read(rect.closest("figure"), rect);
});

/** Whether single characters are shortcuts: the reader can turn them off, and sees whether they are on. */
const keysAreOn = () => {
  const box = document.getElementById("keys");
  return box !== null && box.offsetParent !== null && box.checked;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const figure = event.target.closest?.("figure");
  const key = event.key.toLowerCase();
  if (figure && (key === "arrowleft" || key === "arrowright")) {
    event.preventDefault();
    stepReading(figure, key === "arrowright" ? 1 : -1);
  } else if (/^[1-5ab]$/.test(key) && !keysAreOn()) return;
  else if (/^[1-5]$/.test(key) && document.querySelector(`.card[data-remark="${key}"]`)) choose(key, true);
  else if (key === "a") play("played");
  else if (key === "b") play("could");
  else if (key === "escape" || (key === " " && playing && !event.target.closest("button, summary, a, input"))) {
    event.preventDefault();
    stop();
  }
});

function turnLight() {
  const root = document.documentElement;
  const dark = root.dataset.light
    ? root.dataset.light === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.light = dark ? "light" : "dark";
}

/** Inside the studio the studio has the light, the way back and a place for notes. */
const framed = window.self !== window.top;
if (framed) document.body.dataset.framed = "";
else if (/^https?:$/.test(location.protocol)) {
  const home = document.getElementById("home");
  home.href = /^\/pieces\/[^/]+/.exec(location.pathname)?.[0] ?? "/";
  home.hidden = false;
}

const own = document.getElementById("own");
own?.addEventListener("input", () => {
  document.querySelector(".own-printed").textContent = own.value;
});

press();
document.body.dataset.state = "ready";
