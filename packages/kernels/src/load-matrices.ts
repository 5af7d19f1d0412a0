/** Matrix products of the build that suits this engine, from wherever the platform keeps it. */

import { matrixModule } from "#wasm";
import { createMatrices, type MatricesOptions } from "./create-matrices.ts";
import type { Matrices } from "./matrix.ts";
import { hasRelaxedSimd } from "./relaxed-simd.ts";

/** throws  `config.invalid` in Node where the wasm has not been built */
export function loadMatrices(options?: MatricesOptions): Matrices {
  return createMatrices(matrixModule(hasRelaxedSimd() ? "relaxed" : "strict"), options);
}
