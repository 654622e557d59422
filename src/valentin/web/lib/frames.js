/**
 * Bytes of streamed sound → planar samples. Pure; the network cuts wherever it likes, this does not.
 *
 * The stream is stereo float32, interleaved, little-endian.
 */

const FRAME_BYTES = 8;

export class Frames {
  #rest = new Uint8Array(0);

  /**
   * Takes the next bytes; gives the whole frames among them, a channel each, or null for none.
   * @param {Uint8Array} bytes
   * @returns {[Float32Array, Float32Array] | null}
   */
  push(bytes) {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const count = Math.floor(all.length / FRAME_BYTES);
    this.#rest = all.slice(count * FRAME_BYTES);
    if (count === 0) return null;
    const view = new DataView(all.buffer);
    const left = new Float32Array(count);
    const right = new Float32Array(count);
    for (let i = 0; i < count; i += 1) {
      left[i] = view.getFloat32(i * FRAME_BYTES, true);
      right[i] = view.getFloat32(i * FRAME_BYTES + 4, true);
    }
    return [left, right];
  }
}
