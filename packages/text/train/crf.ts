/** Trains the chain: conditional random field, stochastic gradient with AdaGrad, L2. */

import { follows, LABELS, TAGGED } from "../src/entities/chain.ts";
import { FEATURE_BITS, FEATURES, OWN, ownFeatures, placeFeatures, sightOf } from "../src/entities/features.ts";
import { tokenise } from "../src/entities/tokens.ts";
import { type Lexicon, openVocabulary, type Vocabulary } from "../src/entities/vocabulary.ts";
import type { Example } from "./example.ts";
import { latticeOf } from "./lattice.ts";

export interface Weights {
  /** [2 ** FEATURE_BITS × LABELS] */
  readonly features: Float32Array;
  /** [LABELS × LABELS], from row to column. */
  readonly moves: Float64Array;
}

export interface TrainOptions {
  readonly epochs: number;
  readonly rate: number;
  readonly decay: number;
  /** Occurrences that a feature needs. */
  readonly minimum: number;
  /** Share of features left out at random in a step, so that no word alone decides. */
  readonly dropout: number;
}

interface Sequence {
  /** [tokens × FEATURES] */
  readonly features: Int32Array;
  readonly labels: Uint8Array;
}

function sequenceOf({ text, mentions }: Example, vocabulary: Vocabulary): Sequence {
  const tokens = tokenise(text);
  const sight = sightOf(tokens, vocabulary);
  const features = new Int32Array(tokens.length * FEATURES);
  for (let i = 0; i < tokens.length; i++) {
    ownFeatures(sight, i, features, i * FEATURES);
    placeFeatures(sight, i, features, i * FEATURES + OWN);
  }
  const labels = new Uint8Array(tokens.length);
  for (const { start, end, type } of mentions) {
    const index = TAGGED.indexOf(type as never);
    let begun = false;
    for (const [i, token] of tokens.entries()) {
      if (index < 0 || token.start < start || token.end > end) continue;
      labels[i] = 1 + 2 * index + (begun ? 1 : 0);
      begun = true;
    }
  }
  return { features, labels };
}

export function trainChain(examples: readonly Example[], lexicon: Lexicon, options: TrainOptions): Weights {
  const vocabulary = openVocabulary([...lexicon.keys()], [...lexicon.values()]);
  const sequences = examples
    .map((example) => sequenceOf(example, vocabulary))
    .filter(({ labels }) => labels.length > 0);
  const count = new Uint32Array(1 << FEATURE_BITS);
  for (const { features } of sequences) for (const feature of features) count[feature] = (count[feature] ?? 0) + 1;
  const features = new Float32Array(count.length * LABELS);
  const squares = new Float32Array(features.length).fill(1e-3);
  const moves = new Float64Array(LABELS * LABELS);
  const moveSquares = new Float64Array(moves.length).fill(1e-3);
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x80000000;
  };
  const order = sequences.map((_, index) => index);
  const meanFeatures = new Float32Array(features.length);
  const meanMoves = new Float64Array(moves.length);
  const averaged = Math.ceil(options.epochs / 2);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    for (const index of order) {
      const sequence = sequences[index];
      if (!sequence) continue;
      const kept = sequence.features.map((feature) =>
        (count[feature] ?? 0) >= options.minimum && random() >= options.dropout ? feature : -1,
      );
      step(sequence, kept, { features, moves }, squares, moveSquares, options);
    }
    if (epoch < options.epochs - averaged) continue;
    // What is left out in training is there afterwards: each weight counts for that much less.
    const share = (1 - options.dropout) / averaged;
    for (let i = 0; i < features.length; i++) meanFeatures[i] = (meanFeatures[i] ?? 0) + share * (features[i] ?? 0);
    for (let i = 0; i < moves.length; i++) meanMoves[i] = (meanMoves[i] ?? 0) + (moves[i] ?? 0) / averaged;
  }
  return { features: meanFeatures, moves: meanMoves };
}

/** Scores of each token's labels: [length × LABELS]. */
function scoresOf(sequence: Sequence, weights: Float32Array, kept: Int32Array = sequence.features): Float64Array {
  const length = sequence.labels.length;
  const scores = new Float64Array(length * LABELS);
  for (let i = 0; i < length; i++) {
    for (let f = i * FEATURES; f < (i + 1) * FEATURES; f++) {
      const at = (kept[f] ?? -1) * LABELS;
      if (at < 0) continue;
      for (let label = 0; label < LABELS; label++) {
        scores[i * LABELS + label] = (scores[i * LABELS + label] ?? 0) + (weights[at + label] ?? 0);
      }
    }
  }
  return scores;
}

function step(
  sequence: Sequence,
  kept: Int32Array,
  { features, moves }: Weights,
  squares: Float32Array,
  moveSquares: Float64Array,
  { rate, decay }: TrainOptions,
): void {
  const { labels } = sequence;
  const scores = scoresOf(sequence, features, kept);
  const { forward, backward, total } = latticeOf(scores, moves);
  const moveGradient = new Float64Array(moves.length);
  for (let i = 0; i < labels.length; i++) {
    const truth = labels[i] ?? 0;
    const previousTruth = i === 0 ? 0 : (labels[i - 1] ?? 0);
    moveGradient[previousTruth * LABELS + truth] = (moveGradient[previousTruth * LABELS + truth] ?? 0) + 1;
    for (let label = 0; label < LABELS; label++) {
      const at = i * LABELS + label;
      const inner = (scores[at] ?? 0) + (backward[at] ?? 0) - total;
      for (let previous = 0; previous < LABELS; previous++) {
        if (!follows(label, previous) || (i === 0 && previous !== 0)) continue;
        const before = i === 0 ? 0 : (forward[(i - 1) * LABELS + previous] ?? 0);
        const move = previous * LABELS + label;
        moveGradient[move] = (moveGradient[move] ?? 0) - Math.exp(before + (moves[move] ?? 0) + inner);
      }
      const gradient = (label === truth ? 1 : 0) - Math.exp((forward[at] ?? 0) + (backward[at] ?? 0) - total);
      if (Math.abs(gradient) < 1e-4) continue;
      for (let f = i * FEATURES; f < (i + 1) * FEATURES; f++) {
        const feature = kept[f] ?? -1;
        if (feature < 0) continue;
        const to = feature * LABELS + label;
        const weight = features[to] ?? 0;
        const slope = gradient - decay * weight;
        squares[to] = (squares[to] ?? 0) + slope * slope;
        features[to] = weight + (rate * slope) / Math.sqrt(squares[to] ?? 1);
      }
    }
  }
  for (let move = 0; move < moves.length; move++) {
    const slope = (moveGradient[move] ?? 0) - decay * (moves[move] ?? 0);
    moveSquares[move] = (moveSquares[move] ?? 0) + slope * slope;
    moves[move] = (moves[move] ?? 0) + (rate * slope) / Math.sqrt(moveSquares[move] ?? 1);
  }
}
