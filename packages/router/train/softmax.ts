/** Softmax regression over hashed features, by AdaGrad, on random windows of each text. */

import { DOMAIN_CLASSES } from "../src/domain-classes.ts";
import { domainFeatures, MOST_PLACES, PLACES } from "../src/domain-features.ts";
import { FUNCTION_WORDS } from "../src/function-words.ts";
import { seeded } from "./seeded.ts";

/** A text as lower-case words and the number of its class. */
export interface Sample {
  readonly words: readonly string[];
  readonly label: number;
}

export interface TrainOptions {
  readonly seed: number;
  readonly epochs: number;
  readonly rate: number;
  /** L1 penalty of each step that touches a weight. */
  readonly l1: number;
  /** Share of longer texts that are cut to a window of a query's length. */
  readonly windows: number;
  /** Share of words that are left out at random, so that no single one decides. */
  readonly dropout: number;
  /** 1 for places that may have weights; all may when absent. */
  readonly kept?: Uint8Array;
  readonly progress: (text: string) => void;
}

const CLASSES = DOMAIN_CLASSES.length;
const FEWEST_WORDS = 3;
const QUERY_WORDS = 14;
/** The bias learns more slowly than features do: a class is not likely for being frequent. */
const BIAS_RATE = 0.1;
const LEAST_WEIGHT = 0.7;
const MOST_WEIGHT = 2;

/**
 * Weights of every class at every place, and behind them a bias for each class.
 *
 * shapes   returns f32 [(PLACES + 1) × classes], place-major
 * cost     about 0.7 s for 140,000 texts and one epoch
 */
export function trainSoftmax(samples: readonly Sample[], options: TrainOptions): Float32Array {
  const { seed, epochs, rate, l1, kept, progress } = options;
  const random = seeded(seed);
  const importance = classWeights(samples);
  const weights = new Float32Array((PLACES + 1) * CLASSES);
  const squares = new Float32Array(weights.length).fill(1e-4);
  const places = new Int32Array(MOST_PLACES);
  const scores = new Float64Array(CLASSES);
  const order = Int32Array.from(samples.keys());
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (const which of order) {
      const { words, label } = samples[which] as Sample;
      const found = domainFeatures(shortened(words, options, random), FUNCTION_WORDS, places);
      const count = kept ? onlyKept(places, found, kept) : found;
      const value = 1 / Math.sqrt(Math.max(1, found));
      score(weights, places, count, value, scores);
      loss -= Math.log(Math.max(1e-12, scores[label] as number));
      const step = rate * (importance[label] as number);
      for (let c = 0; c < CLASSES; c++) {
        const error = (scores[c] as number) - Number(c === label);
        update(weights, squares, PLACES * CLASSES + c, error * BIAS_RATE, step, 0);
        for (let i = 0; i < count; i++)
          update(weights, squares, (places[i] as number) * CLASSES + c, error * value, step, l1);
      }
    }
    progress(`epoch ${epoch + 1} of ${epochs}: loss ${(loss / samples.length).toFixed(4)}`);
  }
  return weights;
}

/**
 * The places worth keeping: those whose weights differ most between classes, times the root of how often they occur.
 *
 * returns  1 for each kept place, at most `most` of them, none seen in fewer than `fewest` texts
 */
export function choosePlaces(
  samples: readonly Sample[],
  weights: Float32Array,
  { most, fewest }: { readonly most: number; readonly fewest: number },
): Uint8Array {
  const counts = new Uint32Array(PLACES);
  const places = new Int32Array(MOST_PLACES);
  for (const { words } of samples) {
    const count = domainFeatures(words, FUNCTION_WORDS, places);
    for (const place of new Set(places.subarray(0, count))) counts[place] = (counts[place] ?? 0) + 1;
  }
  const value = new Float64Array(PLACES);
  for (let place = 0; place < PLACES; place++) {
    const own = weights.subarray(place * CLASSES, (place + 1) * CLASSES);
    if ((counts[place] as number) >= fewest)
      value[place] = (Math.max(...own) - Math.min(...own)) * Math.sqrt(counts[place] as number);
  }
  const ranked = [...value.keys()].filter((place) => (value[place] as number) > 0);
  ranked.sort((a, b) => (value[b] as number) - (value[a] as number) || a - b);
  const kept = new Uint8Array(PLACES);
  for (const place of ranked.slice(0, most)) kept[place] = 1;
  return kept;
}

function onlyKept(places: Int32Array, found: number, kept: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < found; i++) {
    const place = places[i] as number;
    if (kept[place] === 1) places[count++] = place;
  }
  return count;
}

function score(weights: Float32Array, places: Int32Array, count: number, value: number, into: Float64Array): void {
  let most = -Infinity;
  for (let c = 0; c < CLASSES; c++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += weights[(places[i] as number) * CLASSES + c] as number;
    into[c] = sum * value + (weights[PLACES * CLASSES + c] as number);
    most = Math.max(most, into[c] as number);
  }
  let total = 0;
  for (let c = 0; c < CLASSES; c++) {
    into[c] = Math.exp((into[c] as number) - most);
    total += into[c] as number;
  }
  for (let c = 0; c < CLASSES; c++) into[c] = (into[c] as number) / total;
}

function update(
  weights: Float32Array,
  squares: Float32Array,
  at: number,
  gradient: number,
  step: number,
  l1: number,
): void {
  const sum = (squares[at] as number) + gradient * gradient;
  squares[at] = sum;
  const next = (weights[at] as number) - (step * gradient) / Math.sqrt(sum);
  const shrink = l1 * step;
  weights[at] = next > shrink ? next - shrink : next < -shrink ? next + shrink : 0;
}

/** A class with few texts counts for more, a class with many hardly for less: most of what people say is everyday talk. */
function classWeights(samples: readonly Sample[]): number[] {
  const counts = Array.from({ length: CLASSES }, () => 0);
  for (const { label } of samples) counts[label] = (counts[label] ?? 0) + 1;
  return counts.map((count) =>
    Math.max(LEAST_WEIGHT, Math.min(MOST_WEIGHT, Math.sqrt(samples.length / CLASSES / Math.max(1, count)))),
  );
}

function shortened(
  words: readonly string[],
  { windows, dropout }: Pick<TrainOptions, "windows" | "dropout">,
  random: () => number,
): readonly string[] {
  let seen = words;
  if (words.length > QUERY_WORDS && random() < windows) {
    const length = FEWEST_WORDS + Math.floor(random() * (QUERY_WORDS - FEWEST_WORDS + 1));
    const from = Math.floor(random() * (words.length - length + 1));
    seen = words.slice(from, from + length);
  }
  return seen.length > FEWEST_WORDS ? seen.filter(() => random() >= dropout) : seen;
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const other = order[j] as number;
    order[j] = order[i] as number;
    order[i] = other;
  }
}
