/** How wide a line of music is engraved for a window, and how times are written. Pure. */

/** Staff spaces a line may have; the server engraves these widths and no others. */
export const WIDTHS = [36, 48, 68, 84, 100, 120, 150];
export const ZOOMS = [0.7, 0.85, 1, 1.25, 1.5, 2];
const FAR_PX = 2200; // a window wider than this is far from its reader

/**
 * The engraved width for a column: 5 px a staff space on a telephone, 7 px beyond, times the zoom.
 * @param {number} px width of the column
 * @param {number} zoom
 */
export function spacesFor(px, zoom = 1) {
  const wanted = px / ((px < 480 ? 5 : 7) * zoom);
  const fitting = WIDTHS.filter((spaces) => spaces <= wanted * 1.04);
  const least = zoom > 1 ? WIDTHS[0] : 68; // unless asked for, no line holds less than a phone's
  return Math.max(least, fitting.at(-1) ?? WIDTHS[0]);
}

/**
 * The zoom before the reader has chosen one.
 * @param {number} px width of the window
 */
export const firstZoom = (px) => (px >= FAR_PX ? 1.5 : 1);

/**
 * The next larger or smaller zoom.
 * @param {number} zoom
 * @param {number} by 1 or -1
 */
export function zoomBy(zoom, by) {
  const at = ZOOMS.findIndex((each) => each >= zoom - 1e-6);
  return ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, (at < 0 ? ZOOMS.length - 1 : at) + by))];
}

/**
 * Minutes and seconds, "3:07".
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
