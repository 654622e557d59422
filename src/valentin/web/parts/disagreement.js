import { ask } from "./take.js";

/** "I disagree" beside a remark, with a word for the teacher; kept with the take, and taken back. */

/**
 * @param {string} take its id
 * @param {number} remark its number
 * @param {{kind: string, remark: number, id: string, text: string}[]} words said before
 * @param {(words: string, alert?: boolean) => void} say tells of trouble
 */
export function disagreement(take, remark, words, say) {
  const place = document.createElement("span");
  place.className = "disagreement";
  const kept = words.find((word) => word.kind === "disagree" && word.remark === remark);
  if (kept) told(place, take, remark, kept, say);
  else offered(place, take, remark, say);
  return place;
}

function button(words, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}

function offered(place, take, remark, say) {
  place.replaceChildren(button("I disagree", () => asked(place, take, remark, say)));
}

/** Room for a word; it may stay empty. */
function asked(place, take, remark, say) {
  const form = document.createElement("form");
  const label = document.createElement("label");
  const field = document.createElement("input");
  label.textContent = "A word to the teacher ";
  field.maxLength = 2000;
  field.autocomplete = "off";
  label.append(field);
  const keep = document.createElement("button");
  keep.textContent = "Keep";
  form.append(label, keep, button("Leave it", () => {
    offered(place, take, remark, say);
    place.querySelector("button").focus();
  }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const said = { kind: "disagree", by: "student", remark, text: field.value.trim() };
      const { word } = await ask("POST", `/takes/${take}/words`, said);
      told(place, take, remark, word, say);
      place.querySelector("button").focus();
    } catch (error) {
      say(`That could not be kept: ${error.message}`, true);
    }
  });
  place.replaceChildren(form);
  field.focus();
}

function told(place, take, remark, word, say) {
  const words = document.createElement("span");
  words.textContent = word.text ? `✓ You disagree: ${word.text} ` : "✓ You disagree. ";
  place.replaceChildren(words, button("Take back", async () => {
    try {
      await ask("DELETE", `/words/${word.id}`);
      offered(place, take, remark, say);
      place.querySelector("button").focus();
    } catch (error) {
      say(`That could not be taken back: ${error.message}`, true);
    }
  }));
}
