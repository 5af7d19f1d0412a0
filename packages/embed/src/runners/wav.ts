/** Reads a WAV file: PCM of 8 to 32 bits, or floats, any rate, any number of channels. */

import { NexusError } from "@nexus/core";

export interface Sound {
  /** Interleaved, −1…1. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  readonly channels: number;
}

interface Format {
  readonly kind: "pcm" | "float";
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

const PCM = 1;
const FLOAT = 3;
/** The kind is in the first two bytes of a GUID further on. */
const EXTENSIBLE = 0xfffe;

/** throws  embed.input_broken for what is no WAV file, is cut off before its samples, or is of another encoding */
export function decodeWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 12 || tag(view, 0) !== "RIFF" || tag(view, 8) !== "WAVE") throw broken("it is no WAV file");
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.byteLength;) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (tag(view, at) === "fmt ") format = readFormat(view, start, size);
    if (tag(view, at) === "data") {
      if (!format) throw broken("its samples come before their format");
      // Writers that stream leave the size at 0 or at its maximum: then the rest of the file is meant.
      const end = size === 0 || size === 0xffffffff ? bytes.byteLength : start + size;
      if (end > bytes.byteLength) throw broken("it is cut off");
      return { samples: readSamples(view, start, end, format), ...format };
    }
    at = start + size + (size % 2);
  }
  throw broken("it has no samples");
}

function readFormat(view: DataView, at: number, size: number): Format {
  if (size < 16 || at + size > view.byteLength) throw broken("its format is cut off");
  const stated = view.getUint16(at, true);
  const code = stated === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : stated;
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  const known = (code === PCM && [8, 16, 24, 32].includes(bits)) || (code === FLOAT && [32, 64].includes(bits));
  if (!known || channels === 0) throw broken("it is neither PCM nor float");
  if (sampleRate < 1_000 || sampleRate > 768_000) throw broken("its sample rate is not possible");
  return { kind: code === PCM ? "pcm" : "float", channels, sampleRate, bits };
}

function readSamples(view: DataView, start: number, end: number, { kind, bits }: Format): Float32Array {
  const step = bits / 8;
  const count = Math.floor((end - start) / step);
  const samples = new Float32Array(count);
  const read = READERS[`${kind}${bits}`];
  for (let i = 0; i < count; i++) samples[i] = read?.(view, start + i * step) ?? 0;
  return samples;
}

/** 8-bit samples are unsigned, all others signed. */
const READERS: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  pcm8: (view, at) => (view.getUint8(at) - 128) / 128,
  pcm16: (view, at) => view.getInt16(at, true) / 32_768,
  pcm24: (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 8_388_608,
  pcm32: (view, at) => view.getInt32(at, true) / 2_147_483_648,
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
};

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

function broken(why: string): NexusError {
  return new NexusError("embed.input_broken", `[nexus/embed] the sound cannot be read: ${why}; send WAV, PCM or float`);
}
