/** The sounds of one piece and their clock. What is heard is one element; the others wait. */

const FADE = 180;

/** The bytes of a sound that lies in the page. */
export function soundUrl(id) {
  const held = document.getElementById(id);
  const text = atob(held.textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return URL.createObjectURL(new Blob([bytes], { type: held.dataset.type }));
}

export class Player {
  #elements = new Map();
  #names;
  #seen = { wall: 0, time: 0 };
  name = "whole";

  /** @param {Record<string, string>} names which sound of the page is the whole, which lack a voice */
  constructor(names) {
    this.#names = names;
    this.audio = this.#element("whole");
  }

  #element(name) {
    if (!this.#elements.has(name)) {
      const audio = new Audio(soundUrl(this.#names[name]));
      audio.preload = "auto";
      this.#elements.set(name, audio);
    }
    return this.#elements.get(name);
  }

  has(name) {
    return name in this.#names;
  }

  /** Unpacks what may be asked for later. */
  prepare() {
    for (const name of Object.keys(this.#names)) this.#element(name);
  }

  get playing() {
    return !this.audio.paused && !this.audio.ended;
  }

  play() {
    return this.audio.play();
  }

  pause() {
    for (const audio of this.#elements.values()) audio.pause();
  }

  seek(time) {
    this.audio.currentTime = Math.max(0, time / 1000);
    this.#seen = { wall: performance.now(), time: this.audio.currentTime };
  }

  /** Goes on with another sound of the same piece, from the same moment. */
  async use(name) {
    const to = this.#element(name);
    const from = this.audio;
    if (to === from) return;
    const playing = this.playing;
    this.name = name;
    to.currentTime = from.currentTime + (playing ? 0.04 : 0);
    if (playing) {
      to.volume = 0;
      await to.play();
      to.currentTime = from.currentTime + 0.02;
    }
    this.audio = to;
    if (playing) this.#cross(from, to);
    else to.volume = 1;
  }

  #cross(from, to) {
    const begun = performance.now();
    const step = () => {
      const share = Math.min(1, (performance.now() - begun) / FADE);
      to.volume = Math.sin((share * Math.PI) / 2);
      from.volume = Math.cos((share * Math.PI) / 2);
      if (share < 1) return void requestAnimationFrame(step);
      from.pause();
      from.volume = 1;
    };
    step();
  }

  /** The moment that is heard, in milliseconds: the element's own clock, made even between its ticks. */
  now() {
    const wall = performance.now();
    const said = this.audio.currentTime;
    const passed = this.playing ? (wall - this.#seen.wall) / 1000 : 0;
    const expected = this.#seen.time + passed;
    const off = said - expected;
    const time = Math.abs(off) > 0.1 || !this.playing ? said : expected + 0.1 * off;
    this.#seen = { wall, time };
    return 1000 * time;
  }
}
