"""A MIDI keyboard for a browser that has none: plugged in, played and unplugged by a test.

In: an init script for a page. Then `page.evaluate("midi.play(...)")` and the like.

**Knows nothing of** what listens to it.
"""

__all__ = ["KEYBOARD"]

KEYBOARD = """
  (() => {
    class Input extends EventTarget {
      name = "Test piano";
      state = "connected";
      async open() {}
    }
    const access = Object.assign(new EventTarget(), { inputs: new Map([["1", new Input()]]) });
    navigator.requestMIDIAccess = async () => access;
    const change = () => access.dispatchEvent(new Event("statechange"));
    window.midi = {
      send(bytes, timeStamp = performance.now()) {
        const message = new Event("midimessage");
        Object.defineProperties(message, {
          data: { value: new Uint8Array(bytes) }, timeStamp: { value: timeStamp },
        });
        for (const input of access.inputs.values()) input.dispatchEvent(message);
      },
      /** Rows of [seconds, bytes], all at once, stamped as if they had been played in time. */
      take(rows, from = performance.now()) {
        for (const [seconds, bytes] of rows) this.send(bytes, from + 1000 * seconds);
      },
      unplug() { access.inputs.get("1").state = "disconnected"; change(); },
      plug() { access.inputs.set("1", new Input()); change(); },
    };
  })();
"""
