/** The wasm builds as workerd has them: modules that were compiled before the isolate started. */

import relaxed from "../../../.build/wasm/kernels.relaxed.wasm";
import strict from "../../../.build/wasm/kernels.strict.wasm";
import relaxedMatrix from "../../../.build/wasm/matrix.relaxed.wasm";
import strictMatrix from "../../../.build/wasm/matrix.strict.wasm";

export function kernelModule(build: "relaxed" | "strict"): WebAssembly.Module {
  return build === "relaxed" ? relaxed : strict;
}

export function matrixModule(build: "relaxed" | "strict"): WebAssembly.Module {
  return build === "relaxed" ? relaxedMatrix : strictMatrix;
}
