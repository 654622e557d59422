import { beatsDue, tick } from "../lib/passes.js";
import { RATE_HZ } from "../lib/schedule.js";

/** Clicks on the audio clock, a little ahead of the beats of whatever sounds. */

const EVERY_MS = 400;
const AHEAD_S = 2.5; // longer than a hidden page's timers sleep
const SLACK_S = 0.02; // a first beat this little before its bar's sound still counts

export class Metronome {
  #context;
  #timer = null;
  #done = 0; // the clock's second up to which clicks are placed
  #click = null; // what may be silenced
  #count = null; // what counts in, always heard

  constructor(context) {
    this.#context = context;
  }

  /**
   * Clicks along with a sound until `stop`.
   * @param {import("../lib/passes.js").Pass[]} passes may grow while it sounds
   * @param {[number, number][]} beats
   * @param {[number, number][]} countIn beats before the first pass, or none
   * @param {boolean} heard
   */
  start(passes, beats, countIn, heard) {
    if (this.#timer) return;
    this.#click = new GainNode(this.#context, { gain: heard ? 1 : 0 });
    this.#count = new GainNode(this.#context);
    for (const gain of [this.#click, this.#count]) gain.connect(this.#context.destination);
    this.#done = this.#context.currentTime;
    const due = () => this.#place(passes, beats, countIn);
    due();
    this.#timer = setInterval(due, EVERY_MS);
  }

  set heard(on) {
    this.#click?.gain.setTargetAtTime(on ? 1 : 0, this.#context.currentTime, 0.005);
  }

  #place(passes, beats, countIn) {
    const to = this.#context.currentTime + AHEAD_S;
    passes.forEach((pass, i) => {
      const next = passes[i + 1];
      const end = next ? next.origin + next.from - SLACK_S : Infinity;
      const from = Math.max(this.#done, pass.origin + pass.from - SLACK_S);
      for (const beat of beatsDue(beats, pass.origin, from, Math.min(to, end))) this.#tick(beat, this.#click);
    });
    if (passes.length) {
      const { origin } = passes[0];
      for (const beat of beatsDue(countIn, origin, this.#done, to)) this.#tick(beat, this.#count);
      this.#done = to;
    }
  }

  #tick({ at, strong }, into) {
    const samples = tick(RATE_HZ, strong);
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: RATE_HZ });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(into);
    source.start(Math.max(0, at));
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    for (const gain of [this.#click, this.#count]) gain?.disconnect();
  }
}
