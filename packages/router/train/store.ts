/** Writes trained weights in the form that domain-model.ts reads. */

import { DOMAIN_CLASSES } from "../src/domain-classes.ts";
import { PLACES } from "../src/domain-features.ts";
import { type DomainWeights, FIRST_CODE, LEVELS, MOST_STEP } from "../src/domain-model.ts";

const CLASSES = DOMAIN_CLASSES.length;
/** Share of weights that the scale covers; the few beyond it are cut, since they would make all others coarse. */
const COVERED = 0.999;

/**
 * shapes   weights as trainSoftmax gives them; kept: 1 for the places to store
 * error    a weight within the scale moves by at most 2.5 % of the scale
 */
export function storeWeights(weights: Float32Array, kept: Uint8Array): Omit<DomainWeights, "temperature"> {
  const rows = [...kept.keys()].filter((place) => kept[place] === 1);
  // Only differences between classes count: those to "general" are stored.
  const relative = (place: number, c: number): number =>
    (weights[place * CLASSES + c] as number) - (weights[place * CLASSES] as number);
  const sizes = rows.flatMap((place) => DOMAIN_CLASSES.map((_, c) => Math.abs(relative(place, c))));
  sizes.sort((a, b) => a - b);
  const scale = rounded(sizes[Math.floor(COVERED * (sizes.length - 1))] || 1);
  return {
    places: steps(rows),
    weights: DOMAIN_CLASSES.slice(1).map((_, c) =>
      rows.map((place) => String.fromCharCode(FIRST_CODE + LEVELS + level(relative(place, c + 1) / scale))).join(""),
    ),
    scale,
    biases: DOMAIN_CLASSES.map((_, c) => rounded(relative(PLACES, c))),
  };
}

/** The weights as a module. */
export function moduleText(weights: DomainWeights, about: string): string {
  const list = (items: readonly string[]): string => items.map((item) => `    ${JSON.stringify(item)},\n`).join("");
  return (
    `/** The domain classifier's weights. ${about} Written by \`npm run train -- router\`; do not edit. */\n\n` +
    `import type { DomainWeights } from "./domain-model.ts";\n\n` +
    `export const DOMAIN_WEIGHTS: DomainWeights = {\n` +
    `  scale: ${weights.scale},\n  temperature: ${weights.temperature},\n  biases: [${weights.biases.join(", ")}],\n` +
    `  places:\n    ${JSON.stringify(weights.places)},\n  weights: [\n${list(weights.weights)}  ],\n};\n`
  );
}

function level(share: number): number {
  const q = Math.sign(share) * Math.round(Math.sqrt(Math.min(1, Math.abs(share))) * LEVELS);
  // −0 would be written like 0, but is not equal to it.
  return q === 0 ? 0 : q;
}

function steps(rows: readonly number[]): string {
  let text = "";
  let last = -1;
  for (const place of rows) {
    let step = place - last;
    for (; step >= MOST_STEP; step -= MOST_STEP) text += String.fromCharCode(FIRST_CODE + MOST_STEP);
    text += String.fromCharCode(FIRST_CODE + step);
    last = place;
  }
  return text;
}

const rounded = (value: number): number => Number(value.toPrecision(6));
