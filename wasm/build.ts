/** Compiles wasm/assembly into .build/wasm: the kernels, the matrix products and the vector index, each once with relaxed SIMD and once without, unless what is there is newer than its sources. */

import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = join(ROOT, "wasm/assembly");
const OUTPUT = join(ROOT, ".build/wasm");

/** 3.5 GiB in pages of 64 KiB: the most that the memory of an index or of matrices may grow to. */
const MOST_PAGES = 57_344;
/** The index works in a memory that threads share; the kernels in one of their own. */
const SHARED = ["--importMemory", "--sharedMemory", `--maximumMemory=${MOST_PAGES}`];

const GROWING = [`--maximumMemory=${MOST_PAGES}`];

const BUILDS = [
  { entry: "kernels.ts", file: "kernels.strict.wasm", features: "simd", options: [] },
  { entry: "kernels.ts", file: "kernels.relaxed.wasm", features: "simd,relaxed-simd", options: [] },
  { entry: "matrix.ts", file: "matrix.strict.wasm", features: "simd", options: GROWING },
  { entry: "matrix.ts", file: "matrix.relaxed.wasm", features: "simd,relaxed-simd", options: GROWING },
  { entry: "index.ts", file: "index.strict.wasm", features: "simd,threads", options: SHARED },
  { entry: "index.ts", file: "index.relaxed.wasm", features: "simd,relaxed-simd,threads", options: SHARED },
] as const;

const stale = BUILDS.filter(({ file }) => modifiedMs(join(OUTPUT, file)) < newestSourceMs());
if (stale.length > 0) {
  // The compiler takes a third of a second to load: only when there is something to compile.
  const { default: asc } = await import("assemblyscript/asc");
  mkdirSync(OUTPUT, { recursive: true });
  for (const { entry, file, features, options } of stale) {
    const { error } = await asc.main(
      [
        entry,
        `--baseDir=${SOURCES}`,
        `--outFile=${file}`,
        "-O3",
        "--noAssert",
        "--runtime=stub",
        // v128 parameters of exported functions: lanes.ts exports to its neighbours only.
        "--disableWarning=112",
        `--enable=${features}`,
        ...options,
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
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).map((name) => join(SOURCES, name));
  return Math.max(...[...files, fileURLToPath(import.meta.url)].map(modifiedMs));
}

/** Milliseconds since the epoch; 0 for a file that does not exist. */
function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
