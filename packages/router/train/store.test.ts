import * as fc from "fast-check";
import { expect, it } from "vitest";
import { DOMAIN_CLASSES } from "../src/domain-classes.ts";
import { PLACES } from "../src/domain-features.ts";
import { readModel } from "../src/domain-model.ts";
import { storeWeights } from "./store.ts";

const CLASSES = DOMAIN_CLASSES.length;

it("what is read back differs from what was stored by at most 5 % of the scale, and places without weights give 0", () => {
  const place = fc.nat(PLACES - 1);
  fc.assert(
    fc.property(
      fc.uniqueArray(place, { minLength: 1, maxLength: 30 }),
      fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: CLASSES * 30, maxLength: CLASSES * 30 }),
      place,
      (rows, values, other) => {
        const weights = new Float32Array((PLACES + 1) * CLASSES);
        const kept = new Uint8Array(PLACES);
        for (const [i, row] of rows.entries()) {
          kept[row] = 1;
          for (let c = 1; c < CLASSES; c++) weights[row * CLASSES + c] = values[i * CLASSES + c] as number;
        }
        const stored = storeWeights(weights, kept);
        const model = readModel({ ...stored, temperature: 1 });
        const into = new Float64Array(CLASSES);
        for (const row of [...rows, other]) {
          model.score(Int32Array.of(row), 1, into);
          for (let c = 0; c < CLASSES; c++) {
            const expected = kept[row] === 1 ? (weights[row * CLASSES + c] as number) : 0;
            const within = Math.max(-stored.scale, Math.min(stored.scale, expected));
            expect(Math.abs((into[c] as number) - within)).toBeLessThanOrEqual(0.05 * stored.scale + 1e-6);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});
