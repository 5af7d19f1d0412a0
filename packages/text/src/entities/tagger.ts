/** Names in a text by the trained chain. */

import { decode, LABELS, TAGGED } from "./chain.ts";
import { FEATURES, OWN, ownFeatures, placeFeatures, type Sight, sightOf, variantOf } from "./features.ts";
import { type Model, PAIRS, unpackModel } from "./model.ts";
import packed from "./model.json" with { type: "json" };
import type { Token } from "./tokens.ts";

interface Name {
  /** Tokens, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly type: (typeof TAGGED)[number];
  /** Calibrated. */
  readonly confidence: number;
}

let loaded: Model | undefined;

/** Names among the tokens of a text. */
export function tagNames(tokens: readonly Token[], model: Model = shipped()): Name[] {
  if (tokens.length === 0) return [];
  const scores = scoresOf(tokens, model);
  return decode(scores, model.moves).map(({ start, end, type, probability }) => ({
    start,
    end,
    type: TAGGED[type] ?? "concept",
    confidence: calibrated(probability, model.calibration),
  }));
}

/** Log scores of each token's labels: [tokens × LABELS]. */
function scoresOf(tokens: readonly Token[], model: Model): Float64Array {
  const { scale, bias, vocabulary } = model;
  const sight = sightOf(tokens, vocabulary);
  const scores = new Float64Array(tokens.length * LABELS);
  const features = new Int32Array(FEATURES - OWN);
  const sums = new Int32Array(PAIRS);
  for (let i = 0; i < tokens.length; i++) {
    const own = ownScores(sight, i, model);
    for (let pair = 0; pair < PAIRS; pair++) sums[pair] = own[pair] as number;
    placeFeatures(sight, i, features, 0);
    addWeights(features, model, sums);
    for (let pair = 0, at = i * LABELS + 1; pair < PAIRS; pair++, at += 2) {
      const both = sums[pair] as number;
      const low = (both << 16) >> 16;
      scores[at] = low * scale + bias;
      scores[at + 1] = ((both - low) >> 16) * scale + bias;
    }
  }
  return scores;
}

/** What a word's own features weigh: they are the same at each place like this one. */
function ownScores(sight: Sight, i: number, model: Model): Int32Array {
  const { scores } = sight.seen[i] as Sight["seen"][number];
  const variant = variantOf(sight, i);
  const known = scores[variant];
  if (known) return known;
  const features = new Int32Array(OWN);
  ownFeatures(sight, i, features, 0);
  const sums = new Int32Array(PAIRS);
  addWeights(features, model, sums);
  scores[variant] = sums;
  return sums;
}

/** Adds two labels' weights at a time: all 26 of a token stay within 16 bits. Whole numbers, so their order changes no sum. */
function addWeights(features: Int32Array, { rows, weights }: Model, sums: Int32Array): void {
  let a = sums[0] as number;
  let b = sums[1] as number;
  let c = sums[2] as number;
  let d = sums[3] as number;
  for (let f = 0; f < features.length; f++) {
    const row = rows[features[f] as number] as number;
    if (row === 0) continue;
    const at = (row - 1) * PAIRS;
    a = (a + (weights[at] as number)) | 0;
    b = (b + (weights[at + 1] as number)) | 0;
    c = (c + (weights[at + 2] as number)) | 0;
    d = (d + (weights[at + 3] as number)) | 0;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

/** The probability on the curve through the calibration's points. */
function calibrated(probability: number, points: readonly number[]): number {
  const place = Math.min(1, Math.max(0, probability)) * (points.length - 1);
  const below = Math.floor(place);
  const low = points[below] ?? 0;
  return low + (place - below) * ((points[below + 1] ?? low) - low);
}

function shipped(): Model {
  loaded ??= unpackModel(packed);
  return loaded;
}
