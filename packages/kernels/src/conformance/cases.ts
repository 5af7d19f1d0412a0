/** Random inputs and the one assertion of the conformance suite. */

import * as fc from "fast-check";
import type { Kernels } from "../kernels.ts";

/** Property → what goes wrong; returns where it holds. `runs`: random cases of each. */
export type Properties = Readonly<Record<string, (kernels: Kernels, runs: number) => void>>;

export const UNIT_ROUNDOFF: number = 2 ** -24;
export const SMALLEST_SUBNORMAL: number = 2 ** -149;
/** Widths that kernels may have loops of their own for. */
export const WIDTHS: readonly number[] = [128, 256, 384, 512, 768, 1024, 1536];

export const ordinary: fc.Arbitrary<number> = fc.float({ noNaN: true, min: -(2 ** 50), max: 2 ** 50 });
export const denormal: fc.Arbitrary<number> = fc.float({ noNaN: true, min: -(2 ** -120), max: 2 ** -120 });
export const special: fc.Arbitrary<number> = fc.constantFrom(0, -0, 1, -1, 0.5, Infinity, -Infinity, Number.NaN);

export interface Batch {
  readonly query: Float32Array;
  readonly rows: Float32Array;
  readonly scores: Float32Array;
}

/** 0 to 5 rows of 1 to 170 dimensions. */
export function batches(number: fc.Arbitrary<number>): fc.Arbitrary<Batch> {
  return fc.tuple(fc.integer({ min: 1, max: 170 }), fc.nat(5)).chain(([d, count]) =>
    fc.record({
      query: floats(number, d),
      rows: floats(number, d * count),
      scores: fc.constant(new Float32Array(count)),
    }),
  );
}

export function floats(number: fc.Arbitrary<number>, length: number): fc.Arbitrary<Float32Array> {
  return fc.array(number, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
}

export function bytes(length: number, max: number): fc.Arbitrary<Uint8Array> {
  return fc.array(fc.nat(max), { minLength: length, maxLength: length }).map((values) => Uint8Array.from(values));
}

/** Numbers of −1 … 1 from a generator (mulberry32): seeds may be any numbers. */
export function noise(length: number, seed: number): Float32Array {
  let state = Math.imul(Math.trunc(seed * 1_000) + 1, 0x9e3779b9);
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) | 0) / 2 ** 31;
  });
}

export function forAll<T>(values: fc.Arbitrary<T>, runs: number, check: (value: T) => void): void {
  fc.assert(fc.property(values, check), { numRuns: runs, seed: 42 });
}

export function expectThat(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}

export function expectClose(value: number, exact: number, allowed: number, where: string): void {
  if (value === exact) return;
  expectThat(
    Math.abs(value - exact) <= allowed,
    `${where}: ${value} for ${exact}, off by ${Math.abs(value - exact)} of ${allowed}`,
  );
}

/** NaN equals NaN, 0 equals −0. */
export function expectSame(values: ArrayLike<number>, exact: ArrayLike<number>, where: string): void {
  expectThat(values.length === exact.length, `${where}: ${values.length} values for ${exact.length}`);
  for (let i = 0; i < values.length; i++) {
    expectThat(Object.is(values[i]! + 0, exact[i]! + 0), `${where} [${i}]: ${values[i]} for ${exact[i]}`);
  }
}

export function expectCode(code: string, act: () => void): void {
  let seen: unknown;
  try {
    act();
  } catch (error) {
    ({ code: seen } = error as { code: unknown });
  }
  expectThat(seen === code, `code ${String(seen)} for ${code}`);
}
