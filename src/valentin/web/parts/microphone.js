import { peakOf, wav } from "../lib/wav.js";

/**
 * The microphone as it is: no echo cancelled, no noise taken away, no gain turned by itself.
 *
 * Fires `level` with the peak of the last tenth of a second as `detail`.
 */
export class Microphone extends EventTarget {
  settings = {};
  #context = null;
  #stream = null;
  #blocks = null; // what is recorded, null while nothing is

  static get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia) && isSecureContext;
  }

  /** Asks for the microphone; throws where it may not or cannot be had. */
  async open() {
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };
    this.#stream = await navigator.mediaDevices.getUserMedia({ audio });
    this.settings = this.#stream.getAudioTracks()[0].getSettings();
    this.#context = new AudioContext({ latencyHint: "playback" });
    await this.#context.audioWorklet.addModule("/web/parts/recorder.js");
    const recorder = new AudioWorkletNode(this.#context, "recorder", { numberOfOutputs: 0 });
    recorder.port.onmessage = ({ data }) => {
      this.#blocks?.push(data);
      this.dispatchEvent(new CustomEvent("level", { detail: peakOf(data) }));
    };
    new MediaStreamAudioSourceNode(this.#context, { mediaStream: this.#stream }).connect(recorder);
    await this.#context.resume();
  }

  record() {
    this.#blocks = [];
  }

  /** Seconds recorded so far. */
  get seconds() {
    return (this.#blocks?.length ?? 0) / 10;
  }

  /** What was recorded, as a WAV file. */
  file() {
    return new Blob([wav(this.#blocks ?? [], this.#context.sampleRate)], { type: "audio/wav" });
  }

  close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#context?.close();
    this.#context = this.#stream = this.#blocks = null;
  }
}
