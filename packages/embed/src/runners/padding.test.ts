import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { paddedLength } from "./padding.ts";

describe("paddedLength", () => {
  it("is never shorter than the longest row and never longer than the limit", () => {
    const padding = fc.constantFrom("dynamic", "bucket", "power", "maximum");
    fc.assert(
      fc.property(padding, fc.integer({ min: 1, max: 8_192 }), fc.integer({ min: 1, max: 8_192 }), (kind, a, b) => {
        const [longest, limit] = [Math.min(a, b), Math.max(a, b)];
        const length = paddedLength(longest, kind, limit);
        expect(length).toBeGreaterThanOrEqual(longest);
        expect(length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it("buckets are four lengths, powers are powers of two", () => {
    const lengths = (kind: "bucket" | "power") =>
      new Set(Array.from({ length: 256 }, (_, i) => paddedLength(i + 1, kind, 256)));
    expect([...lengths("bucket")]).toEqual([32, 64, 128, 256]);
    expect([...lengths("power")]).toEqual([16, 32, 64, 128, 256]);
  });
});
