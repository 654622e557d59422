/** How wide a line of music is engraved for a window, and how times are written. Pure. */

/** Staff spaces a line may have; the server engraves these widths and no others. */
export const WIDTHS = [68, 84, 100, 120, 150];

/**
 * The engraved width for a column: 5 px a staff space on a telephone, 7 px beyond.
 * @param {number} px width of the column
 */
export function spacesFor(px) {
  const wanted = px / (px < 480 ? 5 : 7);
  const fitting = WIDTHS.filter((spaces) => spaces <= wanted * 1.04);
  return fitting.length ? fitting[fitting.length - 1] : WIDTHS[0];
}

/**
 * Minutes and seconds, "3:07".
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
