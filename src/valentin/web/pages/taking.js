import { Follower } from "../lib/follow.js";
import { clock } from "../lib/layout.js";
import { keyboardsSaid, noMidi } from "../lib/midi.js";
import { isCard } from "../parts/card.js";
import { MidiInput } from "../parts/midi-input.js";
import { Take, ask } from "../parts/take.js";
import { show as showLesson } from "./lesson.js";
import { takeCardFile } from "./share.js";
import { $, piece, reason, say, state, stateIs } from "./room.js";
import { chosenAlone, finish, view } from "./stand.js";

/** A take: the visitor plays, the page only follows, and a lesson comes of it. */

const UNSAVED_S = 1; // events older than this that are not on the disk are told of
const midi = new MidiInput();
let take = null;
let alone = null; // the bars that the lesson is to be on, null for all that is played
let follower = null;
let groups = null;
let clockTimer = null;
let saved = 0; // performance.now() when everything was last on the disk

/** A key moved: `detail` of a MidiInput's event, or one made by the letters. */
export function played(event) {
  if (!take || !stateIs("taking")) return;
  take.add(event);
  if (event.kind !== "down" || !follower) return;
  const id = follower.down(event.pitch);
  if (id) view.stand(id);
}

/** Whether a keyboard is plugged in, by the names of those that are. */
export const hearing = (names) => names.length > 0;

/** Others who want to hear: of every key, and of keyboards that come and go. */
export function listen(key, plugged) {
  midi.addEventListener("key", ({ detail }) => key(detail));
  midi.addEventListener("plugged", () => plugged(keyboardsSaid(midi.names), midi.names));
}

/** Asks the browser for its keyboards; says in a line what it has. */
export async function openMidi() {
  const apple = /iPad|iPhone|Macintosh.*Version\/.*Safari/.test(navigator.userAgent);
  const trouble = noMidi({ midi: MidiInput.possible, secure: isSecureContext, apple });
  if (trouble) return trouble;
  try {
    await midi.open();
    return keyboardsSaid(midi.names);
  } catch {
    return "The browser was not allowed to hear a MIDI keyboard: allow it at the lock beside the address.";
  }
}

/**
 * Begins a take.
 * @param {string} [after] the take of which bars are played again
 * @param {[string, string] | null} [part] the bars that its lesson was on alone
 */
export async function begin(after, part) {
  finish();
  if (!stateIs("ready", "lesson")) return;
  state("taking");
  alone = after ? part ?? null : chosenAlone();
  $("desk").hidden = false;
  $("turn").textContent = after ? `Once more, ${view.words}.` : alone ? `Your turn: ${view.words}.` : "Your turn.";
  $("heard").textContent = "One moment …";
  $("heard").textContent = await openMidi();
  try {
    take = await Take.begin(piece, midi.names.length ? "keyboard" : "letters", after);
  } catch (error) {
    state("ready");
    $("desk").hidden = true;
    return say(`The take could not be begun: ${reason(error)}`, true);
  }
  say("");
  saved = performance.now();
  clockTimer = setInterval(tell, 250);
  groups ??= await ask("GET", `/pieces/${encodeURIComponent(piece)}/places`).catch(() => null);
  follower = groups ? new Follower(groups.places) : null;
  document.body.dataset.listening = take.take.id;
}

/** How long, how much, and whether it is safe: the only things that move while one plays. */
function tell() {
  if (!take.journal.pending) saved = performance.now();
  const late = (performance.now() - saved) / 1000 > UNSAVED_S;
  const trouble = take.journal.taken
    ? "Another page writes this take now."
    : late
      ? `The studio does not answer; ${take.journal.pending} events wait here and are sent as soon as it does.`
      : "";
  $("counted").textContent = `${clock(take.seconds)} · ${take.notes} ${take.notes === 1 ? "note" : "notes"}`;
  if ($("unsaved").textContent !== trouble) $("unsaved").textContent = trouble;
}

/** The take is over: it is closed, and its lesson opens. */
export async function done() {
  if (!take || !stateIs("taking")) return;
  const closing = take;
  let closed;
  try {
    closed = await closing.close();
  } catch (error) {
    return say(`The take is not closed yet: ${reason(error)} What you played is kept here; press Done again.`, true);
  }
  leave();
  if (!closed) {
    state("ready");
    return say("No key was struck, so nothing is kept.");
  }
  await showLesson(closed, alone);
}

function leave() {
  clearInterval(clockTimer);
  take = follower = null;
  view.hideCursor();
  $("desk").hidden = true;
  delete document.body.dataset.listening;
}

/** A file as a take of this piece, as a score for the shelf, or as a listener's card. */
async function bring(file) {
  if (isCard(file)) return takeCardFile(file);
  const name = encodeURIComponent(file.name);
  const isTake = /\.(midi?|wav|flac|mp3|ogg|opus|m4a)$/i.test(file.name);
  const to = isTake ? `/pieces/${encodeURIComponent(piece)}/takes/file?file=${name}` : `/shelf?file=${name}`;
  say(`Reading ${file.name} …`);
  try {
    const answer = await fetch(to, { method: "POST", body: file });
    if (!answer.ok) throw new Error(await answer.text());
    const told = await answer.json();
    if (!isTake) return location.assign(told.piece.url);
    finish();
    say("");
    await showLesson(told.take, chosenAlone());
  } catch (error) {
    say(reason(error), true);
  }
}

export function wire(sounds) {
  midi.addEventListener("key", ({ detail }) => {
    if ($("aloud").checked) sounds(detail);
    played(detail);
  });
  midi.addEventListener("plugged", () => stateIs("taking") && ($("heard").textContent = keyboardsSaid(midi.names)));
  $("take").addEventListener("click", () => begin());
  $("done").addEventListener("click", done);
  $("file").addEventListener("change", () => {
    if ($("file").files.length) bring($("file").files[0]);
    $("file").value = "";
  });
  $("bring").addEventListener("click", () => $("file").click());
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length && !stateIs("taking")) bring(event.dataTransfer.files[0]);
  });
  MidiInput.allowed().then((yes) => yes && midi.open());
}

/** A take that was open when the page was loaded anew is told of. */
export async function mend() {
  const left = await Take.leftOpen();
  if (!left) return;
  say("What you had played before the page was loaded anew is kept. ");
  const link = document.createElement("a");
  link.href = `#lesson=${left.id}`;
  link.textContent = "Its lesson";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    showLesson(left);
  });
  $("status").append(link);
}
