/** The kernels of the build that suits this engine, from wherever the platform keeps them. */

import { kernelModule } from "#wasm";
import { createKernels } from "./create-kernels.ts";
import type { Kernels } from "./kernels.ts";
import { hasRelaxedSimd } from "./relaxed-simd.ts";

/** throws  `config.invalid` in Node where the wasm has not been built */
export function loadKernels(build: "relaxed" | "strict" = hasRelaxedSimd() ? "relaxed" : "strict"): Kernels {
  return createKernels(kernelModule(build));
}
