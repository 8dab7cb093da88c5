// What a page is given: data of its own, data that several pages share, and parts that are loaded when asked for.
"use strict";

const cisformula = (() => {
  const shared = new Map();
  const waiting = new Map();
  const folder = document.body ? document.body.dataset.up : "";

  // Called by the files in data/.
  function provide(name, content) {
    shared.set(name, content);
    for (const resolve of waiting.get(name) || []) resolve(content);
    waiting.delete(name);
  }

  // A shared file that the page has already read.
  function given(name) {
    if (!shared.has(name)) throw new Error(`data/${name}.js was not read`);
    return shared.get(name);
  }

  // A file read now: a script element works from disk, where fetch does not.
  function load(name) {
    if (shared.has(name)) return Promise.resolve(shared.get(name));
    return new Promise((resolve, reject) => {
      if (waiting.has(name)) {
        waiting.get(name).push(resolve);
        return;
      }
      waiting.set(name, [resolve]);
      const script = document.createElement("script");
      script.src = `${folder}site/data/${name}.js`;
      script.onerror = () => {
        waiting.delete(name);
        reject(new Error(`${name}.js cannot be read: is the folder complete?`));
      };
      document.head.append(script);
    });
  }

  // The data of this page alone.
  function own() {
    return JSON.parse(document.getElementById("page-data").textContent);
  }

  // Numbers as packing.py wrote them; NaN where there is none.
  function unpack(packed) {
    const text = atob(packed.data);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    const kinds = { float32: Float32Array, uint32: Uint32Array, uint16: Uint16Array, uint8: Uint8Array };
    const codes = new kinds[packed.type](bytes.buffer);
    if (packed.step === undefined) return codes;
    return Float64Array.from(codes, (code) => (code ? packed.low + (code - 1) * packed.step : NaN));
  }

  // A row of an array of two dimensions, or one of its columns.
  function row(values, shape, i) {
    return values.subarray(i * shape[1], (i + 1) * shape[1]);
  }

  function column(values, shape, j) {
    return values.constructor.from({ length: shape[0] }, (_, i) => values[i * shape[1] + j]);
  }

  // Address of a page, from this one.
  function address(path) {
    return `${folder}site/${path}`;
  }

  return { provide, given, load, own, unpack, row, column, address };
})();
