import { barSaid, headSaid, renditionsSaid } from "../lib/moved.js";
import { cardSaid, isCardText, openCard, textOf } from "../parts/card.js";
import { drawHearts } from "../parts/hearts.js";
import { ask } from "../parts/take.js";
import { whichPieces } from "../parts/which-piece.js";
import { $, piece, reason, say, stateIs } from "./room.js";
import { finish, press, view } from "./stand.js";
import "../parts/share-panel.js";

/** The stand's way out and back: a page to send on, and where those who heard it were moved. */

const WISHES = ["performer", "character", "seed", "instrument"];
const panel = document.querySelector("share-panel");
let moved = { listeners: 0, bars: [], pages: [], cards: [] };

/** Who plays and on what, as it is set at the stand. */
function wish() {
  const said = WISHES.map((name) => [name, $(name).value.trim()]).filter(([, value]) => value);
  return Object.fromEntries(said.filter(([name]) => name !== "character" || $("performer").value === "model"));
}

function openPanel() {
  $("share").hidden = false;
  $("more").open = false;
  panel.focus();
  $("share").scrollIntoView({ block: "nearest" });
}

/** A card from a file or a link: kept, and shown where it belongs. */
export async function takeCard(text) {
  try {
    const card = await openCard(text, (questions) => whichPieces(questions, piece));
    if (!card) return;
    say(cardSaid(card));
    const elsewhere = card.pieces.filter(({ name }) => name !== piece);
    for (const { title, url } of elsewhere) {
      $("status").append(" ", Object.assign(document.createElement("a"), { href: `${url}#moved`, textContent: `Open ${title}` }));
    }
    if (elsewhere.length < card.pieces.length) await showMoved(true);
  } catch (error) {
    say(reason(error), true);
  }
}

/** The same from a file. */
export async function takeCardFile(file) {
  try {
    await takeCard(await textOf(file));
  } catch (error) {
    say(error.message, true);
  }
}

/** Plays one bar at the stand. */
async function hear(bar) {
  if (!view.choose(bar, bar)) return say(`There is no bar ${bar} in this score.`, true);
  finish();
  view.dispatchEvent(new Event("chosen"));
  if (stateIs("ready")) await press();
}

function button(words, pressed, label = words) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words });
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => pressed(made));
  return made;
}

/** Asks where listeners were moved, and shows it on the score and as text. */
async function showMoved(open = false) {
  moved = await ask("GET", `/pieces/${encodeURIComponent(piece)}/moments`);
  const renditions = renditionsSaid(moved.pages);
  $("moved").hidden = moved.listeners === 0;
  if (open) $("moved").open = true;
  $("moved-head").textContent = headSaid(moved.listeners, moved.bars.length);
  $("moved-bars").replaceChildren(...moved.bars.map((bar) => {
    const row = document.createElement("li");
    const said = Object.assign(document.createElement("span"), { textContent: barSaid(bar, renditions) });
    row.append(said, button("Hear it", () => hear(bar.bar), `Hear bar ${bar.bar}`));
    return row;
  }));
  $("moved-cards").replaceChildren("Put away the card of ", ...moved.cards.map((card, i) =>
    button(`listener ${i + 1}`, (pressed) => putAway(card, pressed), `Put away the card of listener ${i + 1}`)));
  drawHearts(view, moved.bars);
}

async function putAway(card, pressed) {
  try {
    const { undo } = await ask("DELETE", `/cards/${card}`);
    await showMoved();
    say("The card is put away. ");
    const back = button("Undo", async () => {
      await ask("POST", undo);
      say("");
      await showMoved(true);
    });
    $("status").append(back);
    back.focus();
  } catch (error) {
    pressed.after(` ${reason(error)}`);
  }
}

export function wire() {
  panel.wish = wish;
  panel.hall = $("hall").value;
  $("hall").addEventListener("change", () => (panel.hall = $("hall").value));
  $("share-open").addEventListener("click", openPanel);
  $("share-close").addEventListener("click", () => {
    $("share").hidden = true;
    $("more").querySelector("summary").focus();
  });
  panel.addEventListener("changed", () => {
    if (panel.querySelector("[data-state=making]")) $("share").hidden = false;
  });
  $("card-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = $("card-link").value.trim();
    if (text) takeCard(text).then(() => ($("card-link").value = ""));
  });
  $("card-choose").addEventListener("click", () => $("card-file").click());
  $("card-file").addEventListener("change", () => {
    if ($("card-file").files.length) takeCardFile($("card-file").files[0]);
    $("card-file").value = "";
  });
  addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (!event.target.closest?.("input, textarea") && isCardText(text)) takeCard(text);
  });
  view.addEventListener("laid", () => drawHearts(view, moved.bars));
  showMoved(location.hash === "#moved").catch(() => {}); // said by whatever is asked for next
}
