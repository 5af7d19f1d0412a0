import { kernelModule } from "#wasm";
import { describe, expect, test } from "vitest";
import { CONFORMANCE } from "./conformance.ts";
import { createKernels } from "./create-kernels.ts";
import type { Kernels } from "./kernels.ts";
import { loadKernels } from "./load-kernels.ts";
import { hasRelaxedSimd } from "./relaxed-simd.ts";
import { scalarKernels } from "./scalar.ts";

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

  test("neither build imports anything", () => {
    for (const build of ["relaxed", "strict"] as const) {
      expect(WebAssembly.Module.imports(kernelModule(build))).toEqual([]);
    }
  });
});
