/**
 * Kept moments as the end of a link and as a card. Pure.
 *
 * @typedef {{piece: number, time: number, bar: string}} Moment  time in milliseconds
 */

export const CARD_FORMAT = "valentin moments 1";
export const MOST_MOMENTS = 200;

/** Moments as the end of a link: "kept=PAGE;1,94200,16;…". */
export function toFragment(page, moments) {
  const rows = moments.map((m) => [m.piece, m.time, encodeURIComponent(m.bar)].join(","));
  return `kept=${[page, ...rows].join(";")}`;
}

/** The same back: {page, moments}, or null where it is no such thing. */
export function fromFragment(text) {
  const found = /^#?kept=([0-9a-f]+);(.+)$/.exec(text);
  if (!found) return null;
  const moments = found[2].split(";").map((row) => {
    const [piece, time, bar] = row.split(",");
    try {
      return { piece: Number(piece), time: Number(time), bar: decodeURIComponent(bar ?? "") };
    } catch {
      return { piece: 0, time: 0, bar: "" };
    }
  });
  return { page: found[1], moments: sound(moments) };
}

/** Moments as a card: JSON text. `titles` are those of all pieces of the page. */
export function toCard(page, titles, moments) {
  const rows = moments.map((m) => ({ piece: m.piece, time_s: m.time / 1000, bar: m.bar }));
  const all = titles.length > 1 ? { titles } : {};
  return JSON.stringify({ format: CARD_FORMAT, page, title: titles[0], ...all, moments: rows }, null, 1) + "\n";
}

/** The same back, or null where it is no card. */
export function fromCard(text) {
  try {
    const card = JSON.parse(text);
    if (card.format !== CARD_FORMAT || !Array.isArray(card.moments)) return null;
    const moments = card.moments.map((m) => ({
      piece: m?.piece, time: Math.round(1000 * m?.time_s), bar: String(m?.bar ?? ""),
    }));
    return { page: String(card.page), moments: sound(moments) };
  } catch {
    return null;
  }
}

/** Only moments that can be, in order. */
function sound(moments) {
  return moments
    .filter((m) => Number.isInteger(m.piece) && m.piece > 0 && m.time >= 0 && m.time < 864e5)
    .map((m) => ({ ...m, bar: m.bar.slice(0, 12) }))
    .slice(0, MOST_MOMENTS)
    .sort((a, b) => a.piece - b.piece || a.time - b.time);
}
