/** The wasm builds as Node has them: files under .build/wasm, compiled when asked for. */

import { readFileSync } from "node:fs";
import { NexusError } from "@nexus/core";

/** throws  `config.invalid` where the file is missing */
export function kernelModule(build: "relaxed" | "strict"): WebAssembly.Module {
  return moduleOf("kernels", build);
}

/** throws  `config.invalid` where the file is missing */
export function matrixModule(build: "relaxed" | "strict"): WebAssembly.Module {
  return moduleOf("matrix", build);
}

function moduleOf(name: string, build: "relaxed" | "strict"): WebAssembly.Module {
  const file = new URL(`../../../.build/wasm/${name}.${build}.wasm`, import.meta.url);
  try {
    return new WebAssembly.Module(readFileSync(file));
  } catch (cause) {
    throw new NexusError("config.invalid", `[nexus/kernels] no kernels at ${file.pathname}; run \`npm run build\``, {
      cause,
    });
  }
}
