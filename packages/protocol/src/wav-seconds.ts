/** How long a WAV file lasts, from its chunks: what decoding it would give, before it is decoded. */

const RIFF = 0x52494646;
const WAVE = 0x57415645;
const FORMAT = 0x666d7420;
const DATA = 0x64617461;

/** Undefined for what is no WAV file with a format and samples after it. */
export function wavSeconds(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12 || view.getUint32(0) !== RIFF || view.getUint32(8) !== WAVE) return undefined;
  /** 0 until a format was seen. */
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const kind = view.getUint32(at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (kind === FORMAT && size >= 16 && start + 16 <= view.byteLength) {
      // Rate, channels and bits are what a decoder goes by; the file's own bytes per second and per frame are hints.
      const [channels, rate, bits] = [
        view.getUint16(start + 2, true),
        view.getUint32(start + 4, true),
        view.getUint16(start + 14, true),
      ];
      bytesPerSecond = (rate * channels * bits) / 8;
    }
    if (kind === DATA) {
      // A recorder that writes to a pipe does not know the size, and says 0 or the largest.
      const rest = view.byteLength - start;
      const held = size === 0 ? rest : Math.min(size, rest);
      return bytesPerSecond > 0 && held > 0 ? held / bytesPerSecond : undefined;
    }
    // Chunks begin at even offsets.
    at = start + size + (size % 2);
  }
  return undefined;
}
