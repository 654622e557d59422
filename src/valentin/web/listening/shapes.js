/**
 * What can be said of shapes without drawing them. Pure; times in milliseconds.
 *
 * @typedef {[number, number, number, number, number, number]} Shape
 *   onset, key up, damped, key, velocity, voice (0 melody, 1 inner, 2 bass); shapes rise in onset
 */

export const VOICE_NAMES = ["melody", "inner", "bass"];

/** The value below which a share of the sorted values lies. */
export function quantile(sorted, share) {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : 0;
}

/** The keys between which a picture is drawn, with some air, and what counts as soft and as loud. */
export function rangesOf(shapes) {
  const keys = shapes.map((shape) => shape[3]).sort((a, b) => a - b);
  const strokes = shapes.map((shape) => shape[4]).sort((a, b) => a - b);
  const low = (keys[0] ?? 48) - 2;
  const high = Math.max((keys[keys.length - 1] ?? 72) + 2, low + 24);
  const soft = quantile(strokes, 0.05);
  return { low, high, soft, loud: Math.max(quantile(strokes, 0.97), soft + 12) };
}

/**
 * Between which keys the picture looks at each half second: wide enough for all that is near, and
 * slow, as a calm eye. Rows [time, low, high].
 */
export function viewOf(shapes, length, ranges) {
  const step = 500;
  const count = Math.ceil(length / step) + 1;
  const lows = new Float32Array(count).fill(ranges.high);
  const highs = new Float32Array(count).fill(ranges.low);
  for (const [onset, , , key] of shapes) {
    const first = Math.max(0, Math.floor((onset - 10000) / step));
    const last = Math.min(count - 1, Math.ceil((onset + 7000) / step));
    for (let i = first; i <= last; i += 1) {
      lows[i] = Math.min(lows[i], key - 2);
      highs[i] = Math.max(highs[i], key + 2);
    }
  }
  const even = (values, i) => {
    const near = values.slice(Math.max(0, i - 8), i + 9);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  };
  return Array.from(lows, (_, i) => {
    const low = even(lows, i);
    const high = even(highs, i);
    const more = Math.max(0, 36 - (high - low)) / 2;
    return [i * step, low - more, high + more];
  });
}

/** The view at a time. */
export function viewAt(views, time) {
  const at = Math.min(views.length - 1, Math.max(0, time / 500));
  const i = Math.floor(at);
  const after = views[Math.min(i + 1, views.length - 1)];
  const share = at - i;
  return [1, 2].map((k) => views[i][k] + share * (after[k] - views[i][k]));
}

/** How loud a stroke is between soft (0) and loud (1). */
export function strengthOf(velocity, ranges) {
  return Math.min(1, Math.max(0, (velocity - ranges.soft) / (ranges.loud - ranges.soft)));
}

/** The first index whose value is not below a limit; `value` reads it. */
export function firstFrom(rows, limit, value) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value(rows[middle]) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The longest time from an onset until the string is damped. */
export function longestOf(shapes) {
  return shapes.reduce((most, shape) => Math.max(most, shape[2] - shape[0]), 0);
}

/**
 * How the playing breathes: at each beat the log2 of its length to the usual one around it,
 * smoothed over three beats. Above 0 it broadens.
 * @param {[number, number][]} beats time, whether a bar begins
 */
export function breathOf(beats) {
  const lengths = beats.slice(1).map(([time], i) => time - beats[i][0]);
  const around = 16;
  const ratio = lengths.map((length, i) => {
    const near = lengths.slice(Math.max(0, i - around), i + around + 1).sort((a, b) => a - b);
    return Math.log2(length / quantile(near, 0.5));
  });
  return ratio.map((value, i) => {
    const near = ratio.slice(Math.max(0, i - 1), i + 2);
    return [beats[i][0], near.reduce((sum, each) => sum + each, 0) / near.length];
  });
}

/** The breath at a time, between its beats in a straight line, within -1 and 1. */
export function breathAt(curve, time) {
  const i = firstFrom(curve, time, (row) => row[0]);
  if (i === 0 || i >= curve.length) return 0;
  const [before, after] = [curve[i - 1], curve[i]];
  const share = (time - before[0]) / (after[0] - before[0] || 1);
  return Math.min(1, Math.max(-1, before[1] + share * (after[1] - before[1])));
}

/** The printed number of the bar that sounds, "" before the first. */
export function barAt(bars, time) {
  const i = firstFrom(bars, time + 1, (row) => row[0]) - 1;
  return i >= 0 ? bars[i][1] : (bars[0]?.[1] ?? "");
}

/** How strongly the piece sounds from start to end, in so many steps, 0..1. */
export function contourOf(shapes, length, steps) {
  const sums = new Float64Array(steps);
  for (const [onset, , , , velocity] of shapes) {
    const at = Math.min(steps - 1, Math.max(0, Math.floor((onset / length) * steps)));
    sums[at] += (velocity / 127) ** 2;
  }
  const smooth = Array.from(sums, (_, i) => {
    const near = sums.slice(Math.max(0, i - 2), i + 3);
    return Math.sqrt(near.reduce((sum, each) => sum + each, 0) / near.length);
  });
  const most = Math.max(...smooth, 1e-9);
  return smooth.map((value) => value / most);
}

/** Minutes and seconds of a time, as the catalogue's messages want them. */
export function clockOf(time) {
  const whole = Math.max(0, Math.floor(time / 1000));
  return { minutes: Math.floor(whole / 60), seconds: String(whole % 60).padStart(2, "0") };
}
