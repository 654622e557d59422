/** Notes of our own piano under the fingers; fetched ahead, one by one, and kept. */

const FADE_S = 0.12; // how long a damper takes
const RECORDED = 72; // the velocity at which the studio renders its notes

export class Keys {
  #context = null;
  #notes = new Map();
  #down = new Map();

  /** Fetches notes before they are struck, so that the first stroke sounds at once. */
  async ready(pitches) {
    for (const pitch of pitches) await this.#note(pitch).catch(() => {});
    document.body.dataset.keys = "ready";
  }

  /**
   * @param {number} pitch MIDI number
   * @param {number} velocity 1..127
   */
  async down(pitch, velocity = RECORDED) {
    if (this.#down.has(pitch)) return;
    this.#context ??= new AudioContext({ latencyHint: "interactive" });
    const held = { source: null, level: null };
    this.#down.set(pitch, held);
    const buffer = await this.#note(pitch);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    const level = new GainNode(this.#context, { gain: (velocity / RECORDED) ** 1.5 });
    source.connect(level).connect(this.#context.destination);
    source.start();
    Object.assign(held, { source, level });
    document.body.dataset.struck = String(pitch);
    if (this.#down.get(pitch) !== held) this.#damp(held); // let go before its sound was there
  }

  /** @param {number} pitch MIDI number */
  up(pitch) {
    const held = this.#down.get(pitch);
    this.#down.delete(pitch);
    if (held?.source) this.#damp(held);
  }

  #damp(held) {
    const now = this.#context.currentTime;
    held.level.gain.setTargetAtTime(0, now, FADE_S / 3);
    held.source.stop(now + 2 * FADE_S);
  }

  /** The sound of a key as decoded, asked for once; a failure is forgotten, so that it is asked again. */
  #note(pitch) {
    if (!this.#notes.has(pitch)) {
      const asked = this.#fetched(pitch);
      asked.catch(() => this.#notes.delete(pitch));
      this.#notes.set(pitch, asked);
    }
    return this.#notes.get(pitch);
  }

  async #fetched(pitch) {
    const answer = await fetch(`/notes/${pitch}`);
    if (!answer.ok) throw new Error(await answer.text());
    const decoder = new OfflineAudioContext({ length: 1, sampleRate: 44100 });
    return decoder.decodeAudioData(await answer.arrayBuffer());
  }
}
