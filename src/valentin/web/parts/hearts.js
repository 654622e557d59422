/** Hearts over the bars that moved listeners: a bracket, a heart and how many. Drawn on the score. */

const SVG = "http://www.w3.org/2000/svg";
const SPACE = 180; // of the engraving, in its own units
const RISE = 0.6 * SPACE; // of the bracket over the bar

function drawn(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}

/**
 * Draws them anew.
 * @param {HTMLElement} view the score
 * @param {{bar: string, listeners: number}[]} bars
 */
export function drawHearts(view, bars) {
  for (const heart of view.querySelectorAll(".moved-mark")) heart.remove();
  const counts = new Map(bars.map(({ bar, listeners }) => [bar, listeners]));
  for (const area of view.querySelectorAll(".bar-area")) {
    const count = counts.get(area.dataset.bar);
    if (!count) continue;
    const [x, y, width] = ["x", "y", "width"].map((name) => Number(area.getAttribute(name)));
    const [left, right, top] = [x + SPACE / 3, x + width - SPACE / 3, y - RISE];
    const group = drawn("g", { class: "moved-mark", "aria-hidden": "true" });
    group.append(
      drawn("path", { d: `M${left} ${top + SPACE / 2}V${top}H${right}V${top + SPACE / 2}` }),
      drawn("text", { x: (left + right) / 2, y: top - SPACE / 3 }, count === 1 ? "♥" : `♥ ${count}`),
    );
    area.after(group);
  }
}
