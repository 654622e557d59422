/** Notes of our own piano under the computer keyboard; each is fetched when first struck. */

const FADE_S = 0.12; // how long a damper takes

export class Keys {
  #context = null;
  #notes = new Map();
  #down = new Map();

  /** @param {number} pitch MIDI number */
  async down(pitch) {
    if (this.#down.has(pitch)) return;
    this.#context ??= new AudioContext();
    this.#down.set(pitch, null);
    const buffer = await this.#note(pitch);
    if (!buffer || !this.#down.has(pitch)) return;
    const source = this.#context.createBufferSource();
    const level = this.#context.createGain();
    source.buffer = buffer;
    source.connect(level).connect(this.#context.destination);
    source.start();
    this.#down.set(pitch, { source, level });
    document.body.dataset.struck = String(pitch);
  }

  /** @param {number} pitch MIDI number */
  up(pitch) {
    const held = this.#down.get(pitch);
    this.#down.delete(pitch);
    if (!held) return;
    const now = this.#context.currentTime;
    held.level.gain.setTargetAtTime(0, now, FADE_S / 3);
    held.source.stop(now + 2 * FADE_S);
  }

  async #note(pitch) {
    if (!this.#notes.has(pitch)) {
      const answer = await fetch(`/notes/${pitch}`);
      const bytes = answer.ok ? await answer.arrayBuffer() : null;
      this.#notes.set(pitch, bytes && (await this.#context.decodeAudioData(bytes)));
    }
    return this.#notes.get(pitch);
  }
}
