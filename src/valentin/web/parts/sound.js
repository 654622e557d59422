import { Frames } from "../lib/frames.js";
import { musicTime, nextPass } from "../lib/passes.js";
import { LEAD_S, RATE_HZ, Schedule, heardAt } from "../lib/schedule.js";
import { Metronome } from "./metronome.js";

/**
 * Sound as it is rendered: blocks from the server, one after another on the audio clock.
 *
 * @typedef {object} Piece what is to sound
 * @property {(at: number) => string} address of the sound from a second on
 * @property {number} start second at which the first bar begins
 * @property {number} end second at which the last bar ends
 * @property {[number, number][]} beats for the metronome
 * @property {[number, number][]} countIn beats before the start
 */

const AHEAD_S = 20; // read no further ahead than this: a long piece is never held whole
const FADE_S = 0.03; // how fast a sound that is cut short goes
const KEPT_S = 60; // a loop no longer than this is fetched once and kept
const soon = (ms) => new Promise((later) => setTimeout(later, ms));

export class Sound {
  looping = false;
  #context = null;
  #run = null;
  #clicks = null;
  #metronome = false;

  /** @param {() => void} ended called when the last sound has died away */
  constructor(ended) {
    this.ended = ended;
  }

  /** The second of the music that is being heard; negative while it is counted in. */
  get time() {
    if (!this.#run?.passes.length) return 0;
    return musicTime(this.#run.passes, this.heard) ?? 0;
  }

  /** The second of the audio clock that is being heard. */
  get heard() {
    const stamp = this.#context.getOutputTimestamp?.();
    return heardAt(this.#context, stamp, performance.now());
  }

  set metronome(on) {
    this.#metronome = on;
    if (this.#clicks) this.#clicks.heard = on;
  }

  /** Takes the sound card; to be called at the press itself, which is when browsers allow it. */
  prepare() {
    this.stop();
    this.#context ??= new AudioContext({ sampleRate: RATE_HZ, latencyHint: "interactive" });
    const context = this.#context;
    this.#clicks ??= new Metronome(context);
    const out = new GainNode(context);
    out.connect(context.destination);
    this.#run = { out, passes: [], reader: null, kept: null, whole: null };
    return context.resume();
  }

  /**
   * Plays a piece from a second on; resolves when it begins to sound.
   * @param {Piece} piece
   * @param {number} at
   * @param {boolean} countIn
   */
  async play(piece, at, countIn) {
    const run = this.#run;
    await new Promise((begun, failed) => this.#passes(run, piece, at, countIn, begun).catch(failed));
  }

  async #passes(run, piece, at, countIn, begun) {
    const before = countIn && piece.countIn.length ? at - piece.countIn[0][0] : 0;
    let last = null;
    for (let from = at; this.#run === run; from = 0) {
      const blocks = run.whole ? run.whole : this.#blocks(run, piece.address(from));
      run.kept = from === 0 && this.looping && piece.end < KEPT_S ? [] : null;
      const previous = run.passes.at(-1);
      const place = (now) =>
        previous ? nextPass(previous, piece.start, piece.end) : { origin: now + LEAD_S + before - from, from };
      last = await this.#pump(run, blocks, place, from, () => {
        if (!previous) this.#clicks.start(run.passes, piece.beats, countIn ? piece.countIn : [], this.#metronome);
        begun();
      });
      if (!this.looping || !last) break;
      run.whole ??= run.kept;
      while (this.#run === run && this.looping && this.#left(run, piece) > AHEAD_S / 2) await soon(100);
      if (!this.looping) break;
    }
    if (this.#run === run) this.#endAfter(run, last);
    begun();
  }

  #left(run, piece) {
    return run.passes.at(-1).origin + piece.end - this.#context.currentTime;
  }

  /** The blocks of a stream as they arrive; those of a whole round are kept for the next. */
  async *#blocks(run, address) {
    const answer = await fetch(address);
    if (!answer.ok || !answer.body) throw new Error(await answer.text());
    run.reader = answer.body.getReader();
    if (this.#run !== run) await run.reader.cancel();
    const frames = new Frames();
    for (;;) {
      const { done, value } = await run.reader.read();
      if (done) return;
      const planes = frames.push(value);
      if (!planes) continue;
      const buffer = new AudioBuffer({ numberOfChannels: 2, length: planes[0].length, sampleRate: RATE_HZ });
      planes.forEach((plane, channel) => buffer.copyToChannel(plane, channel));
      run.kept?.push(buffer);
      yield buffer;
    }
  }

  async #pump(run, blocks, place, from, begun) {
    const context = this.#context;
    const schedule = new Schedule(RATE_HZ);
    let last = null;
    let pass = null;
    for await (const buffer of blocks) {
      if (this.#run !== run) return null;
      if (!pass) {
        pass = place(context.currentTime);
        pass.from = from;
        pass.origin = schedule.begin(pass.origin + from) - from;
        run.passes.push(pass);
      }
      const { at, late } = schedule.place(buffer.length, context.currentTime);
      pass.origin += late;
      last = this.#source(run, buffer, at);
      begun();
      while (schedule.until - context.currentTime > AHEAD_S) {
        await soon(300);
        if (this.#run !== run) return null;
      }
    }
    return last;
  }

  #source(run, buffer, at) {
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(run.out);
    source.start(at);
    return source;
  }

  #endAfter(run, last) {
    const over = () => {
      if (this.#run === run) this.ended();
    };
    if (last) last.onended = over;
    else over();
  }

  pause() {
    return this.#context?.suspend();
  }

  resume() {
    return this.#context?.resume();
  }

  /** Silence, without a click. */
  stop() {
    const run = this.#run;
    this.#run = null;
    if (!run) return;
    this.#clicks.stop();
    run.reader?.cancel().catch(() => {});
    const now = this.#context.currentTime;
    run.out.gain.setTargetAtTime(0, now, FADE_S / 3);
    setTimeout(() => run.out.disconnect(), 4000 * FADE_S);
  }
}
