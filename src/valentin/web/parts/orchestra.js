import { Bridge, Offset, level, recorded } from "../lib/orchestra.js";
import { heardAt } from "../lib/schedule.js";

/**
 * The orchestra at the other end of a socket, and its sound.
 *
 * Fires `ready`, `doing`, `place` and `refused` with what the studio said as `detail`, `led` with
 * the id of a note as it sounds, and `gone` when the studio does not answer any more.
 */

const MARGIN_S = 0.03; // that events are told ahead, besides the ways there and to the ear
const MORE_S = 0.01; // that they are told earlier from then on when one came late
const MOST_S = 0.1;
const READ_MS = 50; // from one reading of the sound card's clock to the next
const CLOCK_MS = 2000; // from one look at the clocks to the next
const FIRST_LOOKS = 8;
const RELEASE_S = 0.06; // how fast a note that ends goes
const ANSWERED_S = 0.05; // a note due so soon after a key answers it
const LATE_S = 0.005; // that nobody hears
const LEVEL = 0.7;

export class Orchestra extends EventTarget {
  #socket = null;
  #context = null;
  #out = null;
  #voices = [];
  #laid = null;
  #sounding = new Map();
  #offset = new Offset();
  #bridge = new Bridge();
  #clock = null;
  #reading = null;
  #looks = 0;
  #margin_s = MARGIN_S;
  #key_s = -Infinity;
  answer_s = null; // from a key to the sound that answers it, as measured
  late = 0; // notes that were said too late to sound in time
  played = 0;

  /** @param {string} piece @param {Record<string, string>} asked hand, solo, from */
  constructor(piece, asked) {
    super();
    const query = new URLSearchParams(asked);
    this.path = `/pieces/${encodeURIComponent(piece)}/concerto`;
    this.query = query;
  }

  /** Takes the sound card (at a press, which is when browsers allow it) and opens the socket. */
  open() {
    this.#context = new AudioContext({ latencyHint: "interactive" });
    this.#out = new GainNode(this.#context, { gain: LEVEL });
    this.#out.connect(new DynamicsCompressorNode(this.#context, { threshold: -12, ratio: 8 })).connect(this.#context.destination);
    this.#context.resume();
    this.#reading = setInterval(() => this.#read(), READ_MS);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${this.path}?${this.query}`);
    socket.addEventListener("message", ({ data }) => this.#told(JSON.parse(data)));
    socket.addEventListener("close", () => this.#gone());
    this.#socket = socket;
  }

  begin() {
    this.#send({ kind: "begin", time_s: performance.now() / 1000 });
  }

  /** A key moved. */
  key({ kind, pitch, value, time_s }) {
    if (kind !== "down") return;
    this.#key_s = time_s;
    this.#send({ kind, pitch, value, time_s });
  }

  unplugged() {
    this.#send({ kind: "unplugged" });
  }

  close() {
    const socket = this.#socket;
    this.#socket = null;
    clearInterval(this.#clock);
    clearInterval(this.#reading);
    this.#silence();
    socket?.close();
    const context = this.#context;
    this.#context = null;
    setTimeout(() => context?.close(), 1000 * 8 * RELEASE_S);
  }

  /** Seconds: to the studio and back, and from the sound card to the ear. */
  get ways() {
    return { studio_s: this.#offset.way_s, card_s: this.#card };
  }

  get #card() {
    return this.#context?.outputLatency || this.#context?.baseLatency || 0;
  }

  #send(line) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(line));
  }

  #gone() {
    if (!this.#socket) return;
    this.close();
    this.dispatchEvent(new Event("gone"));
  }

  #told(line) {
    if (line.kind === "events") for (const event of line.events) this.#event(event);
    else if (line.kind === "clock") this.#clocked(line);
    else if (line.kind === "ready") this.#lay(line);
    else this.dispatchEvent(new CustomEvent(line.kind, { detail: line }));
  }

  async #lay(line) {
    this.#laid = line;
    this.#ask();
    try {
      for (const number of line.voices.keys()) {
        this.#voices.push(await this.#voice(number));
        this.dispatchEvent(new CustomEvent("seated", { detail: { seated: number + 1, of: line.voices.length } }));
      }
    } catch (error) {
      return this.dispatchEvent(new CustomEvent("refused", { detail: { words: error.message } }));
    }
    this.#looks = 0;
    this.#ask();
  }

  /** The clocks are compared often before all is ready, so that the orchestra begins in time. */
  #clocked({ sent_s, ours_s }) {
    this.#offset.told(sent_s, ours_s, performance.now() / 1000);
    this.#looks += 1;
    if (this.#looks < FIRST_LOOKS) return this.#ask();
    if (this.#clock || this.#voices.length < this.#laid.voices.length) return;
    this.#clock = setInterval(() => this.#ask(), CLOCK_MS);
    this.dispatchEvent(new CustomEvent("ready", { detail: this.#laid }));
  }

  async #voice(number) {
    const answer = await fetch(`${this.path}/voices/${number}?${this.query}`);
    if (!answer.ok) throw new Error(await answer.text());
    return this.#context.decodeAudioData(await answer.arrayBuffer());
  }

  /** Asks for the studio's clock, and tells what is known of ours. */
  #ask() {
    const known = { offset_s: this.#offset.offset_s, ahead_s: this.#margin_s + this.#card + this.#offset.way_s / 2 };
    this.#send({ kind: "clock", sent_s: performance.now() / 1000, ...(this.#offset.offset_s === undefined ? {} : known) });
  }

  #event([time_s, kind, id, written, part, pitch, velocity]) {
    const context = this.#context;
    if (!context) return;
    const now_s = performance.now() / 1000;
    const due = this.#bridge.start(time_s);
    const at = Math.max(due, context.currentTime);
    if (kind === "up") return this.#end(id, at);
    this.#measure(time_s, due, at);
    this.#strike(id, part, pitch, velocity, at);
    setTimeout(() => this.dispatchEvent(new CustomEvent("led", { detail: { id: written, time_s } })), 1000 * Math.max(0, time_s - now_s));
  }

  #measure(time_s, due, at) {
    this.played += 1;
    const after = time_s - this.#key_s;
    if (after >= 0 && after < ANSWERED_S && at > due) {
      const answer = this.#bridge.heard(at) - this.#key_s;
      this.answer_s = this.answer_s === null ? answer : this.answer_s + 0.1 * (answer - this.answer_s);
    } else if (at - due > LATE_S) {
      this.late += 1;
      this.#margin_s = Math.min(this.#margin_s + MORE_S, MOST_S);
    }
  }

  #read() {
    const now = performance.now();
    if (this.#context?.state !== "running") return;
    this.#bridge.read(heardAt(this.#context, this.#context.getOutputTimestamp?.(), now), now / 1000);
  }

  #strike(id, part, pitch, velocity, at) {
    const number = this.#laid.voices.findIndex((voice) => voice.parts.includes(part));
    const { number: slot, cents } = recorded(this.#laid.voices[number].pitches, pitch);
    const source = new AudioBufferSourceNode(this.#context, { buffer: this.#voices[number], detune: cents });
    const gain = new GainNode(this.#context, { gain: level(velocity, this.#laid.velocity) });
    source.connect(gain).connect(this.#out);
    source.start(at, slot * this.#laid.taken_s, this.#laid.taken_s - 0.1);
    this.#end(id, at);
    this.#sounding.set(id, { source, gain });
  }

  #end(id, at) {
    const held = this.#sounding.get(id);
    if (!held) return;
    this.#sounding.delete(id);
    held.gain.gain.setTargetAtTime(0, at, RELEASE_S / 2);
    held.source.stop(at + 5 * RELEASE_S);
  }

  /** No note is left sounding, whatever happened to the studio. */
  #silence() {
    for (const id of [...this.#sounding.keys()]) this.#end(id, this.#context.currentTime);
  }
}
