import { peakOf } from "../lib/wav.js";

/**
 * The microphone as it is: no echo cancelled, no noise taken away, no gain turned by itself.
 *
 * Fires `level` with the peak of the last tenth of a second as `detail`, and gives that tenth to `taker`
 * while it records.
 */
export class Microphone extends EventTarget {
  settings = {};
  #context = null;
  #stream = null;
  #taker = null; // who takes what is recorded, null while nothing is
  #tenths = 0;

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
      if (this.#taker) {
        this.#taker(data);
        this.#tenths += 1;
      }
      this.dispatchEvent(new CustomEvent("level", { detail: peakOf(data) }));
    };
    new MediaStreamAudioSourceNode(this.#context, { mediaStream: this.#stream }).connect(recorder);
    await this.#context.resume();
  }

  /** @param {(block: Float32Array) => void} taker gets every tenth of a second from now on */
  record(taker) {
    this.#tenths = 0;
    this.#taker = taker;
  }

  /** Records no more; the microphone stays open. */
  rest() {
    this.#taker = null;
  }

  /** Samples a second. */
  get rate() {
    return this.#context.sampleRate;
  }

  /** Seconds recorded so far. */
  get seconds() {
    return this.#tenths / 10;
  }

  close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#context?.close();
    this.#context = this.#stream = this.#taker = null;
  }
}
