/** Names in a text by the trained chain. */

import { decode, LABELS, TAGGED } from "./chain.ts";
import { featuresOf } from "./features.ts";
import { type Model, unpackModel } from "./model.ts";
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
function scoresOf(tokens: readonly Token[], { lexicon, rows, weights, scale, bias }: Model): Float64Array {
  const features: number[] = [];
  const starts = featuresOf(tokens, lexicon, features);
  const scores = new Float64Array(tokens.length * LABELS);
  for (let i = 0; i < tokens.length; i++) {
    const at = i * LABELS;
    for (let f = starts[i] ?? 0; f < (starts[i + 1] ?? 0); f++) {
      const row = rows[features[f] ?? 0] ?? 0;
      if (row === 0) continue;
      for (let label = 1, w = (row - 1) * (LABELS - 1); label < LABELS; label++, w++) {
        scores[at + label] = (scores[at + label] ?? 0) + (weights[w] ?? 0);
      }
    }
    for (let label = 1; label < LABELS; label++) scores[at + label] = (scores[at + label] ?? 0) * scale + bias;
  }
  return scores;
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
