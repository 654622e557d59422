import { pitchOf } from "../lib/keys.js";
import { Keys } from "../parts/keys.js";
import { close as closeConcerto, heard as heardTogether, wire as wireConcerto } from "./concerto.js";
import { close as closeLesson, wire as wireLesson } from "./lesson.js";
import { escape as escapeMicrophone, wire as wireMicrophone } from "./microphone.js";
import { $, stateIs } from "./room.js";
import { finish, open, press, wire } from "./stand.js";
import { begin, done, mend, played, wire as wireTaking } from "./taking.js";
import "../parts/piano-keys.js";

/** The studio's page: the stand, keys to try, takes and their lessons. */

const LETTERS = 64; // the velocity of a key that has none

const keys = new Keys();
const piano = document.querySelector("piano-keys");

/** Sounds what was struck, and shows it. */
function sounds({ kind, pitch, value }) {
  if (kind === "down") {
    piano.show(pitch, true);
    keys.down(pitch, value).catch(() => {});
  } else if (kind === "up") {
    piano.show(pitch, false);
    keys.up(pitch);
  }
}

/** A key of the page or of the computer. */
function struck(kind, pitch, stamp) {
  const event = { time_s: stamp / 1000, kind, pitch, value: kind === "down" ? LETTERS : 0 };
  sounds(event);
  played(event);
  heardTogether(event);
}

piano.addEventListener("strike", ({ detail, timeStamp }) => struck("down", detail.pitch, timeStamp));
piano.addEventListener("release", ({ detail, timeStamp }) => struck("up", detail.pitch, timeStamp));
piano.addEventListener("shifted", () => keys.ready(piano.pitches));
$("lower").addEventListener("click", () => piano.shift(-1));
$("higher").addEventListener("click", () => piano.shift(1));

const typing = (target) => target.matches("input:not([type=checkbox], [type=range]), select, textarea");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const pitch = $("letters").checked ? pitchOf(event.key, piano.octave) : null;
  if (pitch !== null) struck("down", pitch, event.timeStamp);
  else if (event.key === " " && !event.target.matches("button, a, input, summary")) {
    event.preventDefault();
    press();
  } else if (event.key === "Escape") escape();
});
document.addEventListener("keyup", (event) => {
  const pitch = pitchOf(event.key, piano.octave);
  if (pitch !== null) struck("up", pitch, event.timeStamp);
});

/** Out of whatever one is in. */
function escape() {
  if (stateIs("taking")) done();
  else if (stateIs("concerto")) closeConcerto();
  else if (stateIs("lesson")) closeLesson();
  else if (stateIs("checking", "recording")) escapeMicrophone();
  else finish();
}

wire();
wireTaking(sounds);
wireLesson(begin);
wireMicrophone();
wireConcerto();
open().then(mend).then(() => keys.ready(piano.pitches));
