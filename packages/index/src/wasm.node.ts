/** The index's wasm builds as Node has them: files under .build/wasm, compiled when asked for, once. */

import { readFileSync } from "node:fs";
import { NexusError } from "@nexus/core";
import { hasRelaxedSimd } from "@nexus/kernels";

const compiled = new Map<string, WebAssembly.Module>();

/** throws  `config.invalid` where the file is missing */
export function indexModule(build: "relaxed" | "strict" = hasRelaxedSimd() ? "relaxed" : "strict"): WebAssembly.Module {
  const known = compiled.get(build);
  if (known) return known;
  const file = new URL(`../../../.build/wasm/index.${build}.wasm`, import.meta.url);
  try {
    const module = new WebAssembly.Module(readFileSync(file));
    compiled.set(build, module);
    return module;
  } catch (cause) {
    throw new NexusError("config.invalid", `[nexus/index] no index at ${file.pathname}; run \`npm run build\``, {
      cause,
    });
  }
}
