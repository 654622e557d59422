import { pitchOf } from "../lib/keys.js";
import { Keys } from "../parts/keys.js";
import { $ } from "./room.js";
import { finish, open, press, wire } from "./stand.js";
import "../parts/piano-keys.js";

/** The studio's page: the stand, and keys to try. */

const keys = new Keys();
const piano = document.querySelector("piano-keys");

function down(pitch) {
  piano.show(pitch, true);
  keys.down(pitch).catch(() => {});
}

function up(pitch) {
  piano.show(pitch, false);
  keys.up(pitch);
}

piano.addEventListener("strike", (event) => down(event.detail.pitch));
piano.addEventListener("release", (event) => up(event.detail.pitch));
piano.addEventListener("shifted", () => keys.ready(piano.pitches));
$("lower").addEventListener("click", () => piano.shift(-1));
$("higher").addEventListener("click", () => piano.shift(1));

const typing = (target) => target.matches("input:not([type=checkbox], [type=range]), select, textarea");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const pitch = $("letters").checked ? pitchOf(event.key, piano.octave) : null;
  if (pitch !== null) down(pitch);
  else if (event.key === " " && !event.target.matches("button, a, input, summary")) {
    event.preventDefault();
    press();
  } else if (event.key === "Escape") finish();
});
document.addEventListener("keyup", (event) => {
  const pitch = pitchOf(event.key, piano.octave);
  if (pitch !== null) up(pitch);
});

wire();
open().then(() => keys.ready(piano.pitches));
