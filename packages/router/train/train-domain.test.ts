import { expect, it } from "vitest";
import { macroF1 } from "./macro-f1.ts";
import type { Example } from "./example.ts";
import { CARRIERS, TERMS } from "./lexicon.ts";
import { moduleText } from "./store.ts";
import { trainDomain } from "./train-domain.ts";
import { DOMAIN_CLASSES } from "../src/domain-classes.ts";

/** Every fourth term in some carriers. */
function slice(carriers: readonly number[]): Example[] {
  return DOMAIN_CLASSES.flatMap((domain) =>
    TERMS[domain]
      .filter((_, i) => i % 4 === 0)
      .flatMap((term) => carriers.map((i) => ({ domain, text: (CARRIERS[i] as string).replaceAll("%", term) }))),
  );
}

const options = { seed: 7, epochs: 3, progress: () => undefined };

it("trains the same bytes from the same seed, and others from another", () => {
  const train = slice([0, 1, 3, 6]);
  const text = (seed: number): string => moduleText(trainDomain(train, slice([2]), { ...options, seed }), "");
  expect(text(7)).toBe(text(7));
  expect(text(8)).not.toBe(text(7));
});

it("learns the terms of a slice: macro-F1 above 0.9 in sentences that it has not seen", () => {
  const weights = trainDomain(slice([0, 1, 3, 6]), slice([2]), options);
  expect(macroF1(slice([5]), weights).macro).toBeGreaterThan(0.9);
});
