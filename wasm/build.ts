/** Compiles wasm/assembly into .build/wasm, once with relaxed SIMD and once without, unless what is there is newer than its sources. */

import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = join(ROOT, "wasm/assembly");
const OUTPUT = join(ROOT, ".build/wasm");

const BUILDS = [
  { file: "kernels.strict.wasm", features: ["simd"] },
  { file: "kernels.relaxed.wasm", features: ["simd", "relaxed-simd"] },
] as const;

const stale = BUILDS.filter(({ file }) => modifiedMs(join(OUTPUT, file)) < newestSourceMs());
if (stale.length > 0) {
  // The compiler takes a third of a second to load: only when there is something to compile.
  const { default: asc } = await import("assemblyscript/asc");
  mkdirSync(OUTPUT, { recursive: true });
  for (const { file, features } of stale) {
    const { error } = await asc.main(
      [
        "kernels.ts",
        `--baseDir=${SOURCES}`,
        `--outFile=${file}`,
        "-O3",
        "--noAssert",
        "--runtime=stub",
        // v128 parameters of exported functions: lanes.ts exports to its neighbours only.
        "--disableWarning=112",
        `--enable=${features.join(",")}`,
      ],
      { stderr: process.stderr, writeFile: (name, contents) => replace(join(OUTPUT, name), contents) },
    );
    if (error) throw error;
  }
}

/** In one step, so that who reads meanwhile finds the old file or the new one. */
function replace(path: string, contents: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

function newestSourceMs(): number {
  const files = readdirSync(SOURCES).map((name) => join(SOURCES, name));
  return Math.max(...[...files, fileURLToPath(import.meta.url)].map(modifiedMs));
}

/** Milliseconds since the epoch; 0 for a file that does not exist. */
function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
