/** Opens the weights of the domain classifier, and the way in which they are written. */

import { DOMAIN_CLASSES } from "./domain-classes.ts";
import { PLACES } from "./domain-features.ts";
import { DOMAIN_WEIGHTS } from "./domain-weights.ts";

/** A trained classifier as it is stored: text that gzip packs well. */
export interface DomainWeights {
  /** Distances from one place with weights to the next, from −1 on: each character its code − 35, where 40 stands for "40 and on". */
  readonly places: string;
  /** One string of the places' weights for each class but `general`, whose weights are 0: code − 55 = q, |q| ≤ 20. */
  readonly weights: readonly string[];
  /** A weight is sign(q) · (q/20)² · this. */
  readonly scale: number;
  /** One for each class. */
  readonly biases: readonly number[];
  /** Logits are divided by this: fitted on sources that were held out. */
  readonly temperature: number;
}

export interface DomainModel {
  /** Writes the logit of each class for the first `count` of `places`. */
  score(places: Int32Array, count: number, into: Float64Array): void;
}

/** Largest |q|. */
export const LEVELS = 20;
export const FIRST_CODE = 35;
export const MOST_STEP = 40;

const OTHERS = DOMAIN_CLASSES.length - 1;

let opened: DomainModel | undefined;

/** The model that ships, opened at first use. */
export function openDomainModel(): DomainModel {
  opened ??= readModel(DOMAIN_WEIGHTS);
  return opened;
}

/** The model behind its stored form. */
export function readModel({ places, weights, scale, biases, temperature }: DomainWeights): DomainModel {
  // Row 0 is for places without weights.
  const rows = new Uint16Array(PLACES);
  let row = 0;
  let place = -1;
  for (let i = 0; i < places.length; i++) {
    const step = places.charCodeAt(i) - FIRST_CODE;
    place += step;
    if (step < MOST_STEP) rows[place] = ++row;
  }
  const values = Float32Array.from({ length: 2 * LEVELS + 1 }, (_, i) => valueOf(i - LEVELS) * scale);
  const table = new Float32Array((row + 1) * OTHERS);
  for (let c = 0; c < OTHERS; c++) {
    const text = weights[c] ?? "";
    for (let i = 0; i < row; i++) table[(i + 1) * OTHERS + c] = values[text.charCodeAt(i) - FIRST_CODE] as number;
  }
  return {
    score(places, count, into) {
      into.fill(0);
      for (let i = 0; i < count; i++) {
        const at = (rows[places[i] as number] as number) * OTHERS;
        if (at === 0) continue;
        for (let c = 0; c < OTHERS; c++) into[c + 1] = (into[c + 1] as number) + (table[at + c] as number);
      }
      const share = 1 / Math.sqrt(Math.max(1, count));
      for (let c = 0; c <= OTHERS; c++) into[c] = ((into[c] as number) * share + (biases[c] ?? 0)) / temperature;
    },
  };
}

/** Finer near 0, where most weights are. */
function valueOf(q: number): number {
  return (Math.sign(q) * q * q) / (LEVELS * LEVELS);
}
