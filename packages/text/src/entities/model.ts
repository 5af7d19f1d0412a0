/** The tagger's model as it is kept on disk, and as it is used. */

import { LABELS, type Moves, movesOf } from "./chain.ts";
import { FEATURE_BITS } from "./features.ts";
import { openVocabulary, type Vocabulary } from "./vocabulary.ts";

/** The character of a weight of 0, and the largest weight: printable ASCII, which compresses better than base64. */
export const WEIGHT_ZERO = 80;
export const MAX_WEIGHT = 43;

/** Pairs of labels that have weights. */
export const PAIRS: number = (LABELS - 1) / 2;

/** The parts are base64: sorted keys as gaps (varint), and what belongs to each key in the same order. */
export interface PackedModel {
  readonly words: string;
  readonly wordInfo: string;
  readonly features: string;
  /** A row of characters: weights of each label but "outside", in steps of `scale`; see `WEIGHT_ZERO`. */
  readonly weights: string;
  readonly scale: number;
  /** Numbers with spaces between them: log weights of the moves from row to column. */
  readonly moves: string;
  /** Taken from the score of "outside". */
  readonly bias: number;
  /** Confidence at probabilities of 0, 1/n … 1, fitted on held-out folds; numbers with spaces between them. */
  readonly calibration: string;
}

export interface Model {
  readonly vocabulary: Vocabulary;
  /** Row of a feature in `weights`, 0 where it has none. */
  readonly rows: Uint16Array;
  /** [rows × PAIRS] two labels' weights in one number, see `pairs`. */
  readonly weights: Int32Array;
  readonly scale: number;
  readonly moves: Moves;
  readonly bias: number;
  /** Confidence at probabilities of 0, 1/n … 1. */
  readonly calibration: readonly number[];
}

/** cost     some 15 ms and 4 MiB for the model that ships */
export function unpackModel(packed: PackedModel): Model {
  const keys = ungap(bytesOf(packed.words));
  const info = bytesOf(packed.wordInfo);
  // Three columns, so that each compresses by itself.
  const infos = keys.map(
    (_key, i) => (info[i] ?? 0) | ((info[keys.length + i] ?? 0) << 3) | ((info[2 * keys.length + i] ?? 0) << 11),
  );
  const features = ungap(bytesOf(packed.features));
  const rows = new Uint16Array(1 << FEATURE_BITS);
  for (let i = 0; i < features.length; i++) rows[features[i] ?? 0] = i + 1;
  return {
    vocabulary: openVocabulary(keys, infos),
    rows,
    weights: pairs(packed.weights),
    scale: packed.scale,
    moves: movesOf(numbersOf(packed.moves)),
    bias: packed.bias,
    calibration: numbersOf(packed.calibration),
  };
}

/** A weight and the one behind it × 2¹⁶: sums of such numbers hold both sums, as long as these fit 16 bits. */
function pairs(letters: string): Int32Array {
  const weight = (at: number): number => letters.charCodeAt(at) - WEIGHT_ZERO;
  return Int32Array.from({ length: letters.length / 2 }, (_, i) => weight(2 * i) + weight(2 * i + 1) * 0x10000);
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

function numbersOf(text: string): number[] {
  return text.split(" ").map(Number);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
