// Reads the bytes of a recording; visualization/recording/packing.py describes the format.

const MAGIC = "RIPR";
const VERSION = 1;
const PRELUDE = 16;

// Numbers [rows, periods]: bytes with a scale for each row, or single floats.
class Field {
  constructor(rows, periods, codes, low, step) {
    Object.assign(this, { rows, periods, codes, low, step });
    this.kept = new Map();
  }

  // One row as floats; it is worked out once.
  row(number) {
    if (!this.kept.has(number)) {
      const from = number * this.periods;
      const codes = this.codes.subarray(from, from + this.periods);
      const [low, step] = this.low ? [this.low[number], this.step[number]] : [0, 1];
      this.kept.set(number, this.low ? Float32Array.from(codes, (code) => low + step * code) : codes);
    }
    return this.kept.get(number);
  }
}

function bytesOf(source) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new Error("The player was given no bytes; it needs an ArrayBuffer.");
}

async function unpacked(bytes, expected) {
  const plain = new Uint8Array(expected);
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > expected) throw new Error("longer than it says");
    plain.set(value, at);
    at += value.length;
  }
  if (at !== expected) throw new Error("shorter than it says");
  return plain.buffer;
}

async function decode(source) {
  const bytes = bytesOf(source);
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (bytes.length < PRELUDE || magic !== MAGIC) throw new Error("These bytes are no recording.");
  const prelude = new DataView(bytes.buffer, bytes.byteOffset, PRELUDE);
  const version = prelude.getUint16(4, true);
  if (version !== VERSION) throw new Error(`The recording has version ${version}; this player reads ${VERSION}.`);
  const [header, body] = [prelude.getUint32(8, true), prelude.getUint32(12, true)];
  if (header > 16e6 || body > 256e6) throw new Error("The recording says that it is too large to be played.");
  try {
    const plain = await unpacked(bytes.subarray(PRELUDE), header + body);
    const table = JSON.parse(new TextDecoder().decode(new Uint8Array(plain, 0, header)));
    return assembled(table, plain.slice(header));
  } catch (error) {
    throw new Error(`The recording is damaged or cut off (${error.message}); load it again.`);
  }
}

function assembled(table, body) {
  const floats = new Float32Array(body, 0, table.floats);
  const codes = new Uint8Array(body, 4 * table.floats);
  const { periods } = table;
  const cut = (from, at, size) => {
    if (at + size > from.length) throw new Error("an array lies outside it");
    return from.subarray(at, at + size);
  };
  const field = ({ rows, floats: at, low, step, bytes }) =>
    at === undefined
      ? new Field(rows, periods, cut(codes, bytes, rows * periods), cut(floats, low, rows), cut(floats, step, rows))
      : new Field(rows, periods, cut(floats, at, rows * periods));
  const worlds = table.worlds.map((world) => ({
    ...world,
    fields: Object.fromEntries(Object.entries(world.fields).map(([name, about]) => [name, field(about)])),
  }));
  return { ...table, worlds };
}
