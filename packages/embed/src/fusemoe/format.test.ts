import { NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { decodeFusion, encodeFusion } from "./format.ts";
import { generatedWeights } from "./generated.ts";
import type { FusionShape } from "./shape.ts";
import type { FusionWeights } from "./weights.ts";

const SHAPE: FusionShape = {
  members: [
    { id: "e0", dimension: 7 },
    { id: "e1", dimension: 10 },
  ],
  experts: 3,
  hidden: 5,
  gateHidden: 4,
  gate: "laplace",
  temperature: 1.5,
  output: 6,
  prefixes: [2, 6],
};

const WEIGHTS: FusionWeights = {
  ...generatedWeights(SHAPE, { seed: 3 }),
  origin: { kind: "trained", seed: 3, on: "a test", models: { e0: "static-1", e1: "mini@2" } },
};

function codeOf(bytes: Uint8Array): string {
  try {
    decodeFusion(bytes);
    return "none";
  } catch (error) {
    return error instanceof NexusError ? error.code : "foreign";
  }
}

describe("a fusion network as bytes", () => {
  test("f32 comes back as it was", () => {
    const read = decodeFusion(encodeFusion(WEIGHTS, "f32"));
    expect(read.shape).toEqual(SHAPE);
    expect(read.origin).toEqual(WEIGHTS.origin);
    expect(read.gate).toEqual(WEIGHTS.gate);
    for (let e = 0; e < SHAPE.experts; e++) expect(read.expert(e)).toEqual(WEIGHTS.expert(e));
  });

  test("i8 is off by at most half a step, 1/254 of the row's largest number", () => {
    const read = decodeFusion(encodeFusion(WEIGHTS, "i8"));
    for (let e = 0; e < SHAPE.experts; e++) {
      const [own, before] = [read.expert(e).hidden, WEIGHTS.expert(e).hidden];
      for (let row = 0; row < SHAPE.hidden; row++) {
        const line = before.subarray(row * 17, (row + 1) * 17);
        const most = Math.max(...line.map(Math.abs));
        for (const [i, value] of line.entries()) {
          expect(Math.abs(value - own[row * 17 + i]!)).toBeLessThanOrEqual((most / 254) * 1.0001);
        }
      }
    }
    expect(encodeFusion(WEIGHTS, "i8").length).toBeLessThan(encodeFusion(WEIGHTS, "f32").length);
  });

  test("bytes from the middle of a buffer are read like those from its start", () => {
    const bytes = encodeFusion(WEIGHTS, "f32");
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(decodeFusion(larger.subarray(3)).gate).toEqual(WEIGHTS.gate);
  });

  test("a file that is cut short is refused, wherever it is cut", () => {
    const bytes = encodeFusion(WEIGHTS, "i8");
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(["embed.load_failed", "embed.checksum"]).toContain(codeOf(bytes.slice(0, length)));
      }),
    );
  });

  test("a changed byte is noticed, wherever it is", () => {
    const bytes = encodeFusion(WEIGHTS, "i8");
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = bytes.slice();
        changed[at]! ^= change;
        expect(["embed.load_failed", "embed.checksum"]).toContain(codeOf(changed));
      }),
    );
  });

  test("other bytes are refused", () => {
    expect(codeOf(new Uint8Array())).toBe("embed.load_failed");
    expect(codeOf(new Uint8Array(1_000))).toBe("embed.load_failed");
    expect(codeOf(new TextEncoder().encode(`NXFM${"x".repeat(200)}`))).toBe("embed.load_failed");
  });

  test("a network of other models is not taken for theirs", () => {
    const bytes = encodeFusion(WEIGHTS, "f32");
    expect(decodeFusion(bytes, { models: { e0: "static-1", e1: "mini@2", e2: "large" } }).shape).toEqual(SHAPE);
    for (const models of [{ e0: "static-2", e1: "mini@2" }, { e0: "static-1" }]) {
      expect(() => decodeFusion(bytes, { models })).toThrow(expect.objectContaining({ code: "embed.not_trained" }));
    }
  });
});
