import { NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeSparse, encodeSparse } from "./sparse-codec.ts";

describe("encodeSparse", () => {
  it("writes n u32 ids, then n f32 weights, little endian", () => {
    const bytes = encodeSparse({ ids: Uint32Array.of(1, 0xff000000), weights: Float32Array.of(1, -2) });
    expect([...bytes]).toEqual([1, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });
});

describe("decodeSparse", () => {
  it("gives back what encodeSparse was given, at any offset of a buffer", () => {
    const terms = fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.float({ noNaN: true })));
    fc.assert(
      fc.property(terms, fc.nat(7), (pairs, offset) => {
        const vector = {
          ids: Uint32Array.from(pairs, ([id]) => id),
          weights: Float32Array.from(pairs, ([, weight]) => weight),
        };
        const encoded = encodeSparse(vector);
        const moved = new Uint8Array(encoded.length + offset);
        moved.set(encoded, offset);
        expect(decodeSparse(moved.subarray(offset))).toEqual(vector);
      }),
    );
  });

  it("refuses a length that is not a multiple of 8", () => {
    expect(() => decodeSparse(new Uint8Array(12))).toThrow(NexusError);
  });
});
