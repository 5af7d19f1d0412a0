/** Brings a sound to one channel and another sample rate. */

import type { Sound } from "./wav.ts";

/** Zero crossings of the sinc on either side: enough for −60 dB beside a Hann window. */
const CROSSINGS = 16;

/** The mean of the channels. */
export function toMono({ samples, channels }: Sound): Float32Array {
  if (channels === 1) return samples;
  const mono = new Float32Array(Math.floor(samples.length / channels));
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += samples[i * channels + c] ?? 0;
    mono[i] = sum / channels;
  }
  return mono;
}

/**
 * Resamples one channel by a windowed sinc, low-passed at the lower of both rates.
 *
 * returns  ⌊samples·to/from⌋ samples
 * cost     32·max(1, from/to) multiply-adds a sample; a filter for each of the to/gcd(from, to) places between samples
 * source   J. O. Smith, Digital Audio Resampling Home Page
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const out = new Float32Array(Math.floor((samples.length * to) / from));
  const filters = new Map<number, Float64Array>();
  const reach = Math.ceil(CROSSINGS * Math.max(1, from / to));
  for (let i = 0; i < out.length; i++) {
    const at = Math.floor((i * from) / to);
    const place = (i * from) % to;
    let filter = filters.get(place);
    if (!filter) filters.set(place, (filter = filterAt(place / to, reach, Math.min(1, to / from))));
    let sum = 0;
    const first = at - reach;
    const end = Math.min(filter.length, samples.length - first);
    for (let tap = Math.max(0, -first); tap < end; tap++) sum += (filter[tap] ?? 0) * (samples[first + tap] ?? 0);
    out[i] = sum;
  }
  return out;
}

/** Weights of the samples from reach before to reach after a place between two of them; they sum to 1. */
function filterAt(place: number, reach: number, cutoff: number): Float64Array {
  const filter = Float64Array.from({ length: 2 * reach + 1 }, (_, tap) => windowedSinc((tap - reach - place) * cutoff));
  const sum = filter.reduce((total, weight) => total + weight, 0);
  return filter.map((weight) => weight / sum);
}

/** Zero from ± CROSSINGS on. */
function windowedSinc(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= CROSSINGS) return 0;
  const angle = Math.PI * x;
  return (Math.sin(angle) / angle) * (0.5 + 0.5 * Math.cos(angle / CROSSINGS));
}
