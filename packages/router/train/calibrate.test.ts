import { expect, it } from "vitest";
import { DOMAIN_CLASSES } from "../src/domain-classes.ts";
import { domainFeatures, MOST_PLACES, PLACES } from "../src/domain-features.ts";
import { FUNCTION_WORDS } from "../src/function-words.ts";
import { fitTemperature } from "./calibrate.ts";
import { storeWeights } from "./store.ts";

it("a classifier that is sure and wrong in one of four gets the temperature at which it says three of four", () => {
  const places = new Int32Array(MOST_PLACES);
  const count = domainFeatures(["pill"], FUNCTION_WORDS, places);
  expect(count).toBe(1);
  const weights = new Float32Array((PLACES + 1) * DOMAIN_CLASSES.length);
  const kept = new Uint8Array(PLACES);
  const medical = DOMAIN_CLASSES.indexOf("medical");
  for (const c of DOMAIN_CLASSES.keys())
    weights[(places[0] as number) * DOMAIN_CLASSES.length + c] = c === medical ? 4 : 0;
  kept[places[0] as number] = 1;
  const stored = storeWeights(weights, kept);
  const wrong = { words: ["pill"], label: medical };
  // The loss counts classes alike, so the share of right ones among all five is what the classifier must say.
  const samples = DOMAIN_CLASSES.map((_, label) => ({ ...wrong, label }));
  expect(fitTemperature(stored, samples)).toBeGreaterThan(2.9);
  expect(fitTemperature(stored, [wrong])).toBeLessThan(0.4);
});
