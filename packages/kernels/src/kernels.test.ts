import { statSync } from "node:fs";
import { kernelModule } from "#wasm";
import { describe, expect, test } from "vitest";
import { CONFORMANCE } from "./conformance.ts";
import { createKernels } from "./create-kernels.ts";
import type { Kernels } from "./kernels.ts";
import { loadKernels } from "./load-kernels.ts";
import { hasRelaxedSimd } from "./relaxed-simd.ts";
import { scalarKernels } from "./scalar.ts";

/** What wasm/README.md lists. */
const EXPORTS = [
  "hammingMany",
  "packSigns",
  "cosineMany",
  "squaredL2Many",
  "dotBatch",
  "dotMany",
  "dotF16Many",
  "narrowToF16",
  "squaredL2F16Many",
  "norm",
  "normalise",
  "rotate",
  "select",
  "takeSelected",
  "centreCodes",
  "dotCodesMany",
  "scoreCodesMany",
  "quantise",
];

describe("kernels", () => {
  const all: readonly Kernels[] = [
    scalarKernels,
    createKernels(kernelModule("strict")),
    ...(hasRelaxedSimd() ? [createKernels(kernelModule("relaxed"))] : []),
  ];
  for (const kernels of all) {
    for (const [property, check] of Object.entries(CONFORMANCE)) {
      test(`${kernels.build}: ${property}`, () => check(kernels, 500));
    }
  }

  test("Node 24 runs the relaxed build", () => {
    expect(loadKernels().build).toBe("relaxed");
  });

  test("the module holds the kernels alone, in less than 16 KiB", () => {
    for (const build of ["relaxed", "strict"] as const) {
      expect(WebAssembly.Module.exports(kernelModule(build)).map(({ name }) => name)).toEqual([
        "relaxed",
        ...EXPORTS,
        "memory",
      ]);
      expect(statSync(new URL(`../../../.build/wasm/kernels.${build}.wasm`, import.meta.url)).size).toBeLessThan(
        16_384,
      );
    }
  });

  test("neither build imports anything", () => {
    for (const build of ["relaxed", "strict"] as const) {
      expect(WebAssembly.Module.imports(kernelModule(build))).toEqual([]);
    }
  });
});
