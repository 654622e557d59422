/** Runs on the audio thread: hands on what the microphone hears, a tenth of a second at a time. */

class Recorder extends AudioWorkletProcessor {
  #block = new Float32Array(Math.round(sampleRate / 10));
  #filled = 0;

  process([input]) {
    const heard = input[0];
    if (!heard) return true;
    let read = 0;
    while (read < heard.length) {
      const count = Math.min(heard.length - read, this.#block.length - this.#filled);
      this.#block.set(heard.subarray(read, read + count), this.#filled);
      this.#filled += count;
      read += count;
      if (this.#filled === this.#block.length) {
        this.port.postMessage(this.#block.slice());
        this.#filled = 0;
      }
    }
    return true;
  }
}

registerProcessor("recorder", Recorder);
