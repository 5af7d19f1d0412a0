/** Workers under Miniflare that hold the kernels: as compiled modules beside the bundle, or as bytes in a single file. */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** `npm ci --prefix test/runtime` installs Miniflare and esbuild. */
export const installed: boolean = existsSync(new URL("node_modules/miniflare", import.meta.url));

/** `modules`: wasm is compiled before the isolate starts. `bytes`: compiled by the bundle at its top level, as in a single-file upload. */
export type WasmDelivery = "modules" | "bytes";

/** The part of Miniflare used here; its own types are only there once it is installed. */
export interface Worker {
  dispatchFetch(url: string, init?: RequestInit): Promise<Response>;
  dispose(): Promise<void>;
}

/** What Miniflare takes as a Worker's code. */
export interface WorkerModule {
  readonly type: "ESModule" | "CompiledWasm";
  readonly path: string;
  readonly contents: string | Uint8Array;
}

/** The first date from which on a Worker may compile wasm at its top level. */
const COMPATIBILITY_DATE = "2025-06-01";

/** Not literals, so that types are checked without them as well. */
const MINIFLARE: string = "miniflare";
const ESBUILD: string = "esbuild";

interface MiniflareModule {
  readonly Miniflare: new (options: object) => Worker;
}

interface EsbuildModule {
  readonly build: (options: object) => Promise<{ readonly outputFiles: readonly { readonly text: string }[] }>;
}

interface EsbuildPlugin {
  onResolve(options: object, callback: (found: { path: string; resolveDir: string }) => unknown): void;
  onLoad(options: object, callback: (found: { path: string }) => unknown): void;
}

/** Bundles the entry, which exports `worker`; its wasm files come along. */
export async function bundleWorker(entry: URL, delivery: WasmDelivery): Promise<readonly WorkerModule[]> {
  const wasm: WorkerModule[] = [];
  const { build } = (await import(ESBUILD)) as EsbuildModule;
  const { outputFiles } = await build({
    stdin: {
      contents: `export { worker as default } from ${JSON.stringify(fileURLToPath(entry))};`,
      resolveDir: fileURLToPath(new URL(".", entry)),
    },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker"],
    plugins: [
      { name: "wasm", setup: delivery === "modules" ? (bundle: EsbuildPlugin) => beside(bundle, wasm) : within },
    ],
  });
  return [{ type: "ESModule", path: "bundle.mjs", contents: outputFiles[0]!.text }, ...wasm];
}

export async function startWorker(modules: readonly WorkerModule[]): Promise<Worker> {
  const { Miniflare } = (await import(MINIFLARE)) as MiniflareModule;
  return new Miniflare({ compatibilityDate: COMPATIBILITY_DATE, modules });
}

function beside(bundle: EsbuildPlugin, wasm: WorkerModule[]): void {
  bundle.onResolve({ filter: /\.wasm$/ }, async ({ path, resolveDir }) => {
    const name = basename(path);
    wasm.push({ type: "CompiledWasm", path: name, contents: await readFile(new URL(path, `file://${resolveDir}/`)) });
    return { path: `./${name}`, external: true };
  });
}

function within(bundle: EsbuildPlugin): void {
  bundle.onResolve({ filter: /^bytes:/ }, ({ path }) => ({ path: path.slice("bytes:".length), namespace: "bytes" }));
  bundle.onLoad({ filter: /./, namespace: "bytes" }, async ({ path }) => ({
    contents: await readFile(path),
    loader: "binary",
  }));
  bundle.onLoad({ filter: /\.wasm$/, namespace: "file" }, ({ path }) => ({
    contents: `import bytes from ${JSON.stringify(`bytes:${path}`)}; export default new WebAssembly.Module(bytes);`,
  }));
}
