/** The tagger's model as it is kept on disk, and as it is used. */

import { FEATURE_BITS, type Lexicon } from "./features.ts";

/** The character of a weight of 0, and the largest weight: printable ASCII, which compresses better than base64. */
export const WEIGHT_ZERO = 80;
export const MAX_WEIGHT = 43;

/** The parts are base64: sorted keys as gaps (varint), and what belongs to each key in the same order. */
export interface PackedModel {
  readonly words: string;
  readonly wordInfo: string;
  readonly features: string;
  /** A row of characters: weights of each label but "outside", in steps of `scale`; see `WEIGHT_ZERO`. */
  readonly weights: string;
  readonly scale: number;
  readonly moves: readonly number[];
  /** Taken from the score of "outside". */
  readonly bias: number;
  /** Confidence at probabilities of 0, 1/n … 1, fitted on held-out folds. */
  readonly calibration: readonly number[];
}

export interface Model {
  readonly lexicon: Lexicon;
  /** Row of a feature in `weights`, 0 where it has none. */
  readonly rows: Uint16Array;
  readonly weights: Int8Array;
  readonly scale: number;
  readonly moves: Float64Array;
  readonly bias: number;
  readonly calibration: readonly number[];
}

/** cost     some 15 ms and 4 MiB for the model that ships */
export function unpackModel(packed: PackedModel): Model {
  const keys = ungap(bytesOf(packed.words));
  const info = bytesOf(packed.wordInfo);
  const lexicon = new Map<number, number>();
  for (let i = 0; i < keys.length; i++) {
    // Three columns, so that each compresses by itself.
    const low = info[i] ?? 0;
    const middle = info[keys.length + i] ?? 0;
    const high = info[2 * keys.length + i] ?? 0;
    lexicon.set(keys[i] ?? 0, low | (middle << 3) | (high << 11));
  }
  const features = ungap(bytesOf(packed.features));
  const rows = new Uint16Array(1 << FEATURE_BITS);
  for (let i = 0; i < features.length; i++) rows[features[i] ?? 0] = i + 1;
  return {
    lexicon,
    rows,
    weights: Int8Array.from(packed.weights, (letter) => letter.charCodeAt(0) - WEIGHT_ZERO),
    scale: packed.scale,
    moves: Float64Array.from(packed.moves),
    bias: packed.bias,
    calibration: packed.calibration,
  };
}

/** Ascending numbers as the gaps between them, seven bits a byte, the lowest first. */
export function gap(sorted: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let last = 0;
  for (const value of sorted) {
    let rest = value - last;
    last = value;
    while (rest > 127) {
      bytes.push((rest & 127) | 128);
      rest >>>= 7;
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

function ungap(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let last = 0;
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value |= (byte & 127) << shift;
    shift += 7;
    if (byte > 127) continue;
    last += value;
    values.push(last);
    value = 0;
    shift = 0;
  }
  return values;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
