/** What every part of the studio's page shares: its state, its line of words. */

/** The name of the piece on the stand. */
export const piece = document.body.dataset.piece;

const PLAY = { playing: "Pause", paused: "Go on", waiting: "One moment" };

/** @param {string} id */
export const $ = (id) => document.getElementById(id);

/** Says one line to the visitor; `wrong` when something could not be done. */
export function say(words, wrong = false) {
  $("status").textContent = words;
  $("status").classList.toggle("error", wrong);
}

/** What went wrong, for a reader: a request that never arrived has no words of its own. */
export function reason(error) {
  return error instanceof TypeError ? "the studio does not answer. Is it still running?" : error.message;
}

/** The page's state, which styles and tests read from `<body data-state>`. */
export function state(name) {
  document.body.dataset.state = name;
  $("play").firstElementChild.textContent = PLAY[name] ?? "Play";
  $("play").disabled = ["loading", "taking", "teaching", "checking", "recording", "concerto"].includes(name);
  for (const id of ["take", "listen", "together"]) $(id).disabled = $("play").disabled || name === "waiting";
}

/** @param {...string} names */
export const stateIs = (...names) => names.includes(document.body.dataset.state);
