import { cardSaid, isCard, openCard, textOf } from "../parts/card.js";
import { lightSwitch } from "../parts/light.js";
import { whichPieces } from "../parts/which-piece.js";
import "../parts/share-panel.js";

/** The library and progress: adding scores, taking them off, deleting everything. */

const $ = (id) => document.getElementById(id);

lightSwitch($("light"));

/** What the studio answers, or its words as an error. */
async function ask(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw new Error("The studio does not answer. Is it still running?");
  }
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

/** One line of the report. */
function line(done, words) {
  const item = document.createElement("li");
  item.dataset.done = done;
  item.textContent = words;
  $("report").append(item);
  return item;
}

function change(item, done, words) {
  item.dataset.done = done;
  item.textContent = words;
}

/** One file to the shelf; what could not be read is said here, and what is whole of it offered. */
async function add(file, item = line("wait", ""), lenient = "") {
  change(item, "wait", `${file.name}: reading …`);
  try {
    const address = `/shelf?file=${encodeURIComponent(file.name)}${lenient}`;
    const { piece, new: isNew, remarks } = await ask(address, { method: "POST", body: file });
    change(item, "yes", isNew ? "Added: " : "There already: ");
    const link = document.createElement("a");
    link.href = piece.url;
    link.textContent = piece.title;
    item.append(link);
    for (const remark of remarks) {
      const where = remark.bar ? `bar ${remark.bar}: ` : "";
      item.append(document.createElement("br"), `${where}${remark.words}`);
    }
  } catch (error) {
    change(item, "no", error.message);
    if (!lenient && error.message.includes("what is whole")) item.append(" ", offer(file, item));
  }
}

function offer(file, item) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = "Add what is whole";
  button.addEventListener("click", async () => {
    await add(file, item, "&lenient=1");
    await refresh();
  });
  return button;
}

/** A card that a listener sent back, dropped among the scores. */
async function addCard(file) {
  const item = line("wait", `${file.name}: opening …`);
  try {
    const card = await openCard(await textOf(file), (questions) => whichPieces(questions, ""));
    if (!card) return item.remove();
    change(item, "yes", `${cardSaid(card)} `);
    for (const { title, url } of card.pieces) {
      item.append(Object.assign(document.createElement("a"), { href: `${url}#moved`, textContent: `Open ${title}` }), " ");
    }
  } catch (error) {
    change(item, "no", error.message);
  }
}

async function addAll(files) {
  document.body.dataset.state = "adding";
  for (const file of files) await (isCard(file) ? addCard(file) : add(file));
  await refresh();
  document.body.dataset.state = "ready";
}

/** The lists as they are now. */
async function refresh() {
  const answer = await fetch(location.href);
  const now = new DOMParser().parseFromString(await answer.text(), "text/html");
  $("lists").replaceWith(now.getElementById("lists"));
  listen();
}

if ($("drop")) {
  const drop = $("drop");
  $("files").addEventListener("change", () => addAll([...$("files").files]));
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  for (const left of ["dragleave", "drop"]) drop.addEventListener(left, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    addAll([...event.dataTransfer.files]);
  });
}

/** Take something away, and offer the way back in its place. */
async function remove(button, address) {
  const row = button.closest("li");
  const before = [...row.childNodes];
  try {
    const { undo } = await ask(address, { method: "DELETE" });
    const back = document.createElement("button");
    back.type = "button";
    back.className = "plain";
    back.textContent = "Undo";
    back.addEventListener("click", async () => {
      await ask(undo, { method: "POST" });
      row.replaceChildren(...before);
      row.querySelector("button").focus();
    });
    row.replaceChildren("Removed. ", back);
    back.focus();
  } catch (error) {
    row.append(error.message);
  }
}

function listen() {
  for (const button of document.querySelectorAll("[data-remove]"))
    button.addEventListener("click", () => remove(button, `/shelf/${encodeURIComponent(button.dataset.remove)}`));
  for (const button of document.querySelectorAll("[data-take]"))
    button.addEventListener("click", () => remove(button, `/takes/${encodeURIComponent(button.dataset.take)}`));
}

listen();

const panel = document.querySelector("share-panel");
panel?.addEventListener("changed", () => ($("share").hidden = false));
for (const button of document.querySelectorAll("[data-share-take]"))
  button.addEventListener("click", () => {
    panel.dataset.take = button.dataset.shareTake;
    $("share").hidden = false;
    panel.focus();
    $("share").scrollIntoView({ block: "center" });
  });

$("forget")?.addEventListener("click", async () => {
  $("forget").disabled = true;
  try {
    const { deleted } = await ask("/forget", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ really: "everything" }),
    });
    $("forgotten").textContent = `Deleted: ${deleted.scores} scores, ${deleted.takes} takes, ${deleted.lessons} lessons, ${deleted.words} notes, ${deleted.shared} pages, ${deleted.cards} cards.`;
  } catch (error) {
    $("forget").disabled = false;
    $("forgotten").textContent = error.message;
  }
});
