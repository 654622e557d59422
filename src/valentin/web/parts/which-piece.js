/** Asks which piece a card is about, where it does not say so itself. */

function made(tag, fields = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), fields);
  element.append(...inside);
  return element;
}

function asked({ number, title, moments, choices }, here) {
  const select = made("select", { required: true });
  select.dataset.number = number;
  for (const { name, title: called, composer } of choices) {
    select.append(made("option", { value: name, textContent: [called, composer].filter(Boolean).join(", ") }));
  }
  if (choices.some(({ name }) => name === here)) select.value = here;
  const what = title ? `“${title}”` : number > 1 ? `Piece ${number} of the page` : "The page it came from";
  const count = moments === 1 ? "1 moment" : `${moments} moments`;
  return made("label", {}, `${what} (${count}) is `, select);
}

/**
 * @param {{number: number, title: string, moments: number, choices: {name: string, title: string, composer: string}[]}[]} questions
 * @param {string} here the piece that is likely meant
 * @returns {Promise<Record<string, string> | null>} the piece of each number, null where nobody says
 */
export function whichPieces(questions, here) {
  const dialog = made("dialog", { className: "which" });
  const form = made("form", { method: "dialog" });
  const title = made("h2", { id: "which-title", textContent: "Which piece is this card about?" });
  const note = made("p", { textContent: "It comes from a page that this studio does not know." });
  const keep = made("button", { value: "keep", textContent: "Keep it there" });
  const away = made("button", { value: "", textContent: "Leave it", formNoValidate: true });
  form.append(title, note, ...questions.map((question) => made("p", {}, asked(question, here))), made("p", {}, keep, " ", away));
  dialog.setAttribute("aria-labelledby", "which-title");
  dialog.append(form);
  document.body.append(dialog);
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      const said = [...dialog.querySelectorAll("select")].map((select) => [select.dataset.number, select.value]);
      done(dialog.returnValue === "keep" ? Object.fromEntries(said) : null);
      dialog.remove();
    });
    dialog.showModal();
  });
}
