import { breathAt, breathOf, firstFrom, longestOf, rangesOf, strengthOf, viewAt, viewOf } from "./shapes.js";

/** The picture: shapes that move towards a line where they sound. Times in milliseconds. */

const HERE = 0.3;
const VOICE_ORDER = [1, 2, 0];
const FUTURE = [0.42, 0.26, 0.36];
const PAST = [0.3, 0.14, 0.22];
const RING = [0.1, 0.05, 0.12];
const THICK = [1.25, 0.72, 1.3];

export class Painter {
  #canvas;
  #pen;
  #glow = [];
  #still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
  }

  /** Takes up a piece; `missing` is the voice that is taken away, -1 for none. */
  load(piece) {
    this.piece = piece;
    this.ranges = rangesOf(piece.shapes);
    this.longest = Math.min(longestOf(piece.shapes), 20000);
    this.breath = breathOf(piece.beats);
    this.views = viewOf(piece.shapes, piece.length, this.ranges);
    this.tune = piece.shapes.filter((shape) => shape[5] === 0);
    this.measure();
  }

  /** Reads the size and the colours there are. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const dpr = Math.min(2, devicePixelRatio || 1);
    Object.assign(this, { width, height, dpr });
    this.#canvas.width = Math.round(width * dpr);
    this.#canvas.height = Math.round(height * dpr);
    const style = getComputedStyle(document.body);
    const colour = (name) => style.getPropertyValue(name).trim();
    this.ink = colour("--ink");
    this.colours = [colour("--accent"), colour("--ink"), colour("--slate")];
    this.pace = Math.max(62, Math.min(130, width / 7)) / 1000;
    this.base = Math.max(4, Math.min(11, height / 52));
    this.#glow = this.colours.map(glowOf);
  }

  #y(key) {
    const [low, high] = this.view;
    const air = Math.min(28, this.height * 0.06);
    return air + (1 - (key - low) / (high - low)) * (this.height - 2 * air);
  }

  #thickness(shape) {
    return this.base * THICK[shape[5]] * (0.5 + 1.2 * strengthOf(shape[4], this.ranges));
  }

  /** Where the window begins that is drawn at a time: it glides, or stands still and turns. */
  #from(time) {
    const span = this.width / this.pace;
    if (!this.#still.matches) return time - HERE * span;
    return Math.floor(time / (0.9 * span)) * 0.9 * span - 0.05 * span;
  }

  /** One picture. @param {number} missing voice taken away  @param {boolean} numbers of bars */
  draw(time, missing, numbers) {
    if (!this.piece || !this.width) return;
    const { width, height, dpr } = this;
    const pen = this.#pen;
    const from = this.#from(time);
    const until = from + width / this.pace;
    const { low, high } = this.ranges;
    this.view = this.#still.matches ? [low, high] : viewAt(this.views, time);
    pen.setTransform(dpr, 0, 0, dpr, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.#beats(from, until, numbers);
    if (!this.#still.matches) this.#swell(time);
    const first = firstFrom(this.piece.shapes, from - this.longest, (shape) => shape[0]);
    const last = firstFrom(this.piece.shapes, until, (shape) => shape[0]);
    const shown = this.piece.shapes.slice(first, last).filter((shape) => shape[2] > from);
    for (const voice of VOICE_ORDER) {
      const own = shown.filter((shape) => shape[5] === voice);
      if (voice === 0 && missing !== 0) this.#thread(from, until);
      this.#voice(own, voice, time, from, voice === missing);
    }
    pen.setTransform(dpr, 0, 0, dpr, 0, 0);
    this.#edges();
    if (!this.#still.matches) this.#here((time - from) * this.pace);
  }

  /** The whole picture swells a little where the playing broadens. */
  #swell(time) {
    const zoom = 1 + 0.06 * breathAt(this.breath, time);
    const x = HERE * this.width;
    const y = this.height / 2;
    this.#pen.translate(x, y);
    this.#pen.scale(zoom, zoom);
    this.#pen.translate(-x, -y);
  }

  #beats(from, until, numbers) {
    const pen = this.#pen;
    const beats = this.piece.beats;
    pen.fillStyle = this.ink;
    for (let i = firstFrom(beats, from, (row) => row[0]); i < beats.length && beats[i][0] < until; i += 1) {
      const x = Math.round((beats[i][0] - from) * this.pace);
      pen.globalAlpha = beats[i][1] ? 0.2 : 0.08;
      pen.fillRect(x, 0, 1, this.height);
    }
    if (!numbers) return;
    pen.globalAlpha = 0.75;
    pen.font = "12px system-ui, sans-serif";
    for (const [at, bar] of this.piece.bars) {
      if (at >= from && at < until) pen.fillText(bar, (at - from) * this.pace + 4, this.height - 5);
    }
  }

  /** The line that the melody's notes hang on. */
  #thread(from, until) {
    const pen = this.#pen;
    const start = Math.max(0, firstFrom(this.tune, from, (shape) => shape[0]) - 1);
    pen.globalAlpha = 0.35;
    pen.strokeStyle = this.colours[0];
    pen.lineWidth = 1.25;
    pen.beginPath();
    let before = null;
    for (let i = start; i < this.tune.length; i += 1) {
      const shape = this.tune[i];
      const x = (shape[0] - from) * this.pace;
      const y = this.#y(shape[3]);
      const near = before && shape[0] - before[1] < 900;
      if (near) {
        const left = Math.min(x, (before[1] - from) * this.pace);
        const middle = (left + x) / 2;
        pen.moveTo(left, this.#y(before[3]));
        pen.bezierCurveTo(middle, this.#y(before[3]), middle, y, x, y);
      }
      if (shape[0] > until) break;
      before = shape;
    }
    pen.stroke();
  }

  #voice(shapes, voice, time, from, gone) {
    const pen = this.#pen;
    const past = shapes.filter((shape) => shape[1] <= time);
    const rest = shapes.filter((shape) => shape[1] > time);
    if (gone) return this.#hollow(shapes, voice, from);
    pen.fillStyle = this.colours[voice];
    pen.globalAlpha = RING[voice];
    this.#fill(shapes, from, 2);
    pen.globalAlpha = PAST[voice];
    this.#fill(past, from, 1);
    pen.globalAlpha = FUTURE[voice];
    this.#fill(rest, from, 1);
    const sounding = shapes.filter((shape) => shape[0] <= time && shape[2] > time);
    const fresh = sounding.filter((shape) => time - shape[0] < 1200).length;
    for (const shape of sounding) this.#sounding(shape, time, from, 1 / Math.max(1, fresh));
  }

  /** All at once, each until its key is up (1) or it is damped (2). */
  #fill(shapes, from, until) {
    if (shapes.length === 0) return;
    const pen = this.#pen;
    pen.beginPath();
    for (const shape of shapes) this.#capsule(shape, from, shape[until], this.#thickness(shape));
    pen.fill();
  }

  #capsule(shape, from, until, thick) {
    const x = (shape[0] - from) * this.pace;
    const wide = Math.max(thick, (until - shape[0]) * this.pace - 1.5);
    this.#pen.roundRect(x, this.#y(shape[3]) - thick / 2, wide, thick, thick / 2);
  }

  #hollow(shapes, voice, from) {
    const pen = this.#pen;
    pen.strokeStyle = this.colours[voice];
    pen.globalAlpha = 0.4;
    pen.lineWidth = 1;
    pen.setLineDash([2, 3]);
    pen.beginPath();
    for (const shape of shapes) this.#capsule(shape, from, shape[1], this.#thickness(shape));
    pen.stroke();
    pen.setLineDash([]);
  }

  /** A sounding note fills up from its onset and glows; many at once share the light. */
  #sounding(shape, time, from, light) {
    const pen = this.#pen;
    const voice = shape[5];
    const strength = strengthOf(shape[4], this.ranges);
    const left = Math.exp(-(time - shape[0]) / (900 + 1400 * strength));
    const thick = this.#thickness(shape) * (1 + 0.35 * left);
    const until = Math.min(time, shape[1]);
    pen.globalAlpha = (voice === 1 ? 0.3 : 0.5) + (voice === 1 ? 0.35 : 0.5) * left;
    pen.beginPath();
    this.#capsule(shape, from, until, thick);
    pen.fill();
    if (voice === 1 && strength < 0.6) return;
    const size = this.base * (5 + 12 * strength) * (voice === 1 ? 0.5 : 1);
    const x = (until - from) * this.pace;
    pen.globalAlpha = (0.16 + 0.5 * strength) * left * light;
    pen.drawImage(this.#glow[voice], x - size, this.#y(shape[3]) - size, 2 * size, 2 * size);
  }

  /** Left and right the picture fades into the page. */
  #edges() {
    const pen = this.#pen;
    const reach = this.width * 0.14;
    pen.globalAlpha = 1;
    pen.globalCompositeOperation = "destination-out";
    for (const [x, start, end] of [[0, 0, reach], [this.width - reach, this.width, this.width - reach]]) {
      const fade = pen.createLinearGradient(start, 0, end, 0);
      fade.addColorStop(0, "#000");
      fade.addColorStop(1, "transparent");
      pen.fillStyle = fade;
      pen.fillRect(x, 0, reach, this.height);
    }
    pen.globalCompositeOperation = "source-over";
  }

  #here(x) {
    const pen = this.#pen;
    pen.globalAlpha = 0.28;
    pen.fillStyle = this.ink;
    pen.fillRect(x - 0.5, 0, 1, this.height);
    pen.globalAlpha = 1;
  }
}

/** A soft round light of one colour. */
function glowOf(colour) {
  const canvas = document.createElement("canvas");
  canvas.width = 128;
  canvas.height = 128;
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 128, 128);
  const light = pen.createRadialGradient(64, 64, 0, 64, 64, 64);
  for (const [at, left] of [[0, 1], [0.25, 0.5], [0.5, 0.2], [0.75, 0.05], [1, 0]]) {
    light.addColorStop(at, `rgb(0 0 0 / ${left})`);
  }
  pen.globalCompositeOperation = "destination-in";
  pen.fillStyle = light;
  pen.fillRect(0, 0, 128, 128);
  return canvas;
}
