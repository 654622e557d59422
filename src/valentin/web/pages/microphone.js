import { clock } from "../lib/layout.js";
import { checked, decibels, processingSaid } from "../lib/wav.js";
import { Microphone } from "../parts/microphone.js";
import { Recording } from "../parts/recording.js";
import { show as showLesson } from "./lesson.js";
import { $, piece, reason, say, state, stateIs } from "./room.js";
import { chosenAlone, finish } from "./stand.js";

/** A take by microphone: five seconds to see that it hears well, then the take, then its lesson. */

const CHECK_S = 5;
const LATE_S = 3; // seconds that are in the page alone before that is told
let microphone = null;
let recording = null;
let loudest = 0;
let told = false; // that the studio does not answer
let checking = 0; // tenths of a second of the check that are left

/** Opens the microphone and checks it. */
async function open() {
  finish();
  if (!stateIs("ready")) return;
  if (!Microphone.possible) {
    return say("The microphone can be used only on the machine the studio runs on, or over https.", true);
  }
  state("checking");
  $("mic").hidden = false;
  $("mic-record").disabled = true;
  $("mic-said").textContent = "Waiting for the browser to give the microphone …";
  microphone = new Microphone();
  microphone.addEventListener("level", ({ detail }) => heard(detail));
  try {
    await microphone.open();
  } catch {
    leave();
    return say("The microphone was not given: allow it at the lock beside the address, and try again.", true);
  }
  $("mic-processing").textContent = processingSaid(microphone.settings);
  check();
}

function check() {
  checking = 10 * CHECK_S;
  loudest = 0;
  $("mic-said").textContent = "For five seconds, play as loud as the piece will be.";
}

/** A tenth of a second: the meter, the check, the clock. */
function heard(peak) {
  $("mic-level").value = decibels(peak);
  if (stateIs("recording")) {
    $("mic-clock").textContent = clock(microphone.seconds);
    const late = recording.unsaved > LATE_S;
    if (late !== told) {
      told = late;
      $("mic-said").textContent = late ? "The studio does not answer. The recording goes on here, and is sent as soon as it does." : "Recording. Play; the page keeps still.";
    }
    if (peak >= 1) $("mic-said").textContent = "Recording. Too loud here and there: some of it was cut off.";
  }
  if (checking === 0) return;
  loudest = Math.max(loudest, peak);
  checking -= 1;
  if (checking > 0) return;
  const { good, words } = checked(loudest);
  $("mic-said").textContent = good ? words : `${words} Check again, or record all the same.`;
  $("mic-record").disabled = false;
  document.body.dataset.checked = good ? "good" : "poor";
}

async function record() {
  $("mic-record").disabled = true;
  try {
    recording = await Recording.begin(piece, microphone.rate);
  } catch (error) {
    $("mic-record").disabled = false;
    return say(`The recording could not be begun: ${reason(error)}`, true);
  }
  told = false;
  microphone.record((block) => recording.add(block));
  state("recording");
  $("mic-said").textContent = "Recording. Play; the page keeps still.";
  $("mic-record").disabled = $("mic-again").disabled = true;
  $("mic-done").textContent = "Done";
}

/** The recording goes to the studio and becomes a lesson; without one, all is put away. */
async function done() {
  if (!stateIs("recording")) {
    leave();
    return state("ready");
  }
  microphone.rest();
  state("teaching");
  $("mic-said").textContent = "Sending the last of the recording …";
  try {
    const take = await recording.close();
    leave();
    if (take) return await showLesson(take, chosenAlone());
    state("ready");
    say("Nothing was recorded.");
  } catch (error) {
    state("recording");
    say(`The recording is still here, but it could not be sent: ${reason(error)} Press Done again.`, true);
  }
}

function leave() {
  microphone?.close();
  microphone = recording = null;
  checking = 0;
  $("mic").hidden = true;
  $("mic-again").disabled = false;
  $("mic-done").textContent = "Cancel";
  $("mic-clock").textContent = "";
  delete document.body.dataset.checked;
  if (stateIs("checking")) state("ready");
}

export function wire() {
  $("listen").addEventListener("click", open);
  $("mic-again").addEventListener("click", check);
  $("mic-record").addEventListener("click", record);
  $("mic-done").addEventListener("click", done);
  mend();
}

/** What was recorded when the page was loaded anew is told of. */
async function mend() {
  const left = await Recording.leftOpen();
  if (!left) return;
  say("What was recorded before the page was loaded anew is kept. ");
  const link = Object.assign(document.createElement("button"), { type: "button", textContent: "Its lesson" });
  link.addEventListener("click", () => showLesson(left));
  $("status").append(link);
}

/** Escape: done, as at the end of any take. */
export const escape = done;
