/** Links to lessons say when they are being prepared, and for how much longer. */

const EVERY_MS = 1000;

async function watch(item) {
  const link = item.querySelector("a");
  const said = link.textContent;
  for (;;) {
    const answer = await fetch(`${link.pathname}/state`);
    if (!answer.ok) {
      link.textContent = `${said} · ${await answer.text()}`;
      return;
    }
    const { ready, words } = await answer.json();
    item.dataset.lesson = ready ? "ready" : "preparing";
    link.textContent = ready ? said : `${said} · ${words}`;
    if (ready) return;
    await new Promise((later) => setTimeout(later, EVERY_MS));
  }
}

export function watchLessons() {
  for (const item of document.querySelectorAll("[data-lesson]")) watch(item);
}
