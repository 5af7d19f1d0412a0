/** Packs a trained chain: weights as bytes, features of little weight left out. */

import { LABELS } from "../src/entities/chain.ts";
import type { Lexicon } from "../src/entities/vocabulary.ts";
import { gap, MAX_WEIGHT, type PackedModel, WEIGHT_ZERO } from "../src/entities/model.ts";
import type { Weights } from "./crf.ts";

/**
 * Weights are kept in steps of `SCALE`, and rows whose largest weight and whose sum of weights are above these; F1 on WNUT17 dev
 * moves by less than .01 for it, and the model stays under 300 KiB.
 */
const MIN_WEIGHT = 0.25;
const MIN_STEPS = 9;
const SCALE = 1 / 10;
/** Rows that a `Uint16Array` can number. */
const MAX_ROWS = 65_534;

export function packModel(
  lexicon: Lexicon,
  { features, moves }: Weights,
  bias: number,
  calibration: readonly number[],
): PackedModel {
  const kept: number[] = [];
  let weights = "";
  for (let feature = 0; feature < features.length / LABELS; feature++) {
    const row = Array.from(features.subarray(feature * LABELS, (feature + 1) * LABELS));
    // Only differences between labels count: those of "outside" become zero and need no room.
    const relative = row.slice(1).map((weight) => weight - (row[0] ?? 0));
    if (Math.max(...relative.map(Math.abs)) < MIN_WEIGHT) continue;
    const steps = relative.map((weight) => Math.max(-MAX_WEIGHT, Math.min(MAX_WEIGHT, Math.round(weight / SCALE))));
    if (steps.reduce((sum, step) => sum + Math.abs(step), 0) < MIN_STEPS) continue;
    kept.push(feature);
    weights += String.fromCharCode(...steps.map((step) => WEIGHT_ZERO + step));
  }
  if (kept.length > MAX_ROWS)
    throw new Error(`[text/train] ${kept.length} features are kept, ${MAX_ROWS} expected at most; raise MIN_WEIGHT`);
  const keys = [...lexicon.keys()].toSorted((a, b) => a - b);
  const info = keys.map((key) => lexicon.get(key) ?? 0);
  return {
    words: base64(gap(keys)),
    wordInfo: base64(
      Uint8Array.from([
        ...info.map((value) => value & 7),
        ...info.map((value) => (value >> 3) & 255),
        ...info.map((value) => (value >> 11) & 255),
      ]),
    ),
    features: base64(gap(kept)),
    weights,
    scale: SCALE,
    moves: Array.from(moves, (move) => Number(move.toFixed(3))).join(" "),
    bias,
    calibration: calibration.join(" "),
  };
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
