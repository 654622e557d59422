/** A switch between light and dark; what was chosen is kept in this browser. */

const KEPT = "light";

/** @param {HTMLButtonElement} button */
export function lightSwitch(button) {
  const root = document.documentElement;
  const kept = localStorage.getItem(KEPT);
  if (kept) root.dataset.light = kept;
  button.addEventListener("click", () => {
    const dark = root.dataset.light
      ? root.dataset.light === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.light = dark ? "light" : "dark";
    localStorage.setItem(KEPT, root.dataset.light);
    button.setAttribute("aria-pressed", String(!dark));
  });
}
