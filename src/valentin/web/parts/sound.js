import { Frames } from "../lib/frames.js";

/** Sound as it is rendered: blocks from the server, one after another on the audio clock. */

const RATE_HZ = 44100; // what the studio streams
const AHEAD_S = 20; // read no further ahead than this: a long piece is never held whole
const FIRST_S = 0.08; // between the first block and its sound: time for the next to arrive

export class Sound {
  /** @param {() => void} ended called once when the last sound has died away */
  constructor(ended) {
    this.ended = ended;
    this.context = null;
    this.reader = null;
    this.origin = null; // the audio clock's time at second 0 of the performance
  }

  /** Seconds of the performance that have been heard. */
  get time() {
    if (!this.context || this.origin === null) return 0;
    return Math.max(0, this.context.currentTime - this.origin - (this.context.outputLatency || 0));
  }

  /** Takes the sound card; to be called at the press itself, which is when browsers allow it. */
  prepare() {
    this.stop();
    this.context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: "interactive" });
    this.until = 0;
  }

  /**
   * Plays a stream from its start; resolves when it begins to sound.
   * @param {string} url
   */
  async play(url) {
    const context = this.context;
    const answer = await fetch(url);
    if (!answer.ok || !answer.body) throw new Error(await answer.text());
    if (!context || this.context !== context) return;
    this.reader = answer.body.getReader();
    await new Promise((begun, failed) => this.#pump(context, this.reader, begun).then(begun, failed));
  }

  async #pump(context, reader, begun) {
    const frames = new Frames();
    let last = null;
    for (;;) {
      const { done, value } = await reader.read();
      if (this.context !== context) return;
      const planes = value ? frames.push(value) : null;
      if (planes) last = this.#schedule(context, planes);
      if (last) begun();
      if (done) break;
      while (this.until - context.currentTime > AHEAD_S) {
        await new Promise((later) => setTimeout(later, 500));
        if (this.context !== context) return;
      }
    }
    if (last) last.onended = () => this.context === context && this.ended();
    else this.ended();
  }

  #schedule(context, [left, right]) {
    const buffer = context.createBuffer(2, left.length, context.sampleRate);
    buffer.copyToChannel(left, 0);
    buffer.copyToChannel(right, 1);
    if (this.origin === null) this.origin = this.until = context.currentTime + FIRST_S;
    if (this.until < context.currentTime) {
      const late = context.currentTime + FIRST_S - this.until;
      this.origin += late;
      this.until += late;
    }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start(this.until);
    this.until += buffer.duration;
    return source;
  }

  async pause() {
    await this.context?.suspend();
  }

  async resume() {
    await this.context?.resume();
  }

  async stop() {
    const { context, reader } = this;
    this.context = null;
    this.reader = null;
    this.origin = null;
    await reader?.cancel().catch(() => {});
    await context?.close();
  }
}
