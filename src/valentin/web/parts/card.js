import { ask } from "./take.js";

/** A card that a listener sent back: a file, or a link; the studio says what it is. */

const LARGEST = 128 << 10;

/** Whether a file may be a card, by its name. */
export const isCard = (file) => /\.json$/i.test(file.name) || file.type === "application/json";

/** The text of a card's file; throws where it cannot be one. */
export async function textOf(file) {
  if (file.size > LARGEST) {
    throw new Error(`${file.name} has ${(file.size / 1e6).toFixed(1)} MB, and a card has a few kB: choose the file moments.json that the listener sent.`);
  }
  return file.text();
}

/** Whether a text that was pasted is a link with kept moments, or a card. */
export const isCardText = (text) => /kept=[0-9a-f]+;/.test(text) || /"valentin moments/.test(text);

/**
 * Opens a card; where the studio must ask which piece it is about, `choose` is asked.
 * @param {string} text
 * @param {(questions: {number: number, title: string, moments: number, choices: object[]}[]) =>
 *   Promise<Record<string, string> | null>} choose null where the visitor would rather not
 * @returns {Promise<{id: string, new: boolean, moments: number, pieces: {name: string, title: string, url: string}[]} | null>}
 */
export async function openCard(text, choose) {
  const told = await ask("POST", "/cards", { text });
  if (told.card) return told.card;
  const pieces = await choose(told.ask);
  if (!pieces) return null;
  return (await ask("POST", "/cards", { text, pieces })).card ?? null;
}

/** What came of a card, in words. */
export function cardSaid({ new: isNew, moments, pieces }) {
  const what = moments === 1 ? "1 moment" : `${moments} moments`;
  const where = pieces.map(({ title }) => title).join(" and ");
  return isNew ? `A card with ${what} in ${where}.` : `This card is here already: ${what} in ${where}.`;
}
