import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { CONFORMANCE } from "@nexus/kernels/conformance";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelReport } from "./kernels.workerd.ts";

const installed = existsSync(new URL("node_modules/miniflare", import.meta.url));
const why = installed ? "" : " (skipped: run `npm ci --prefix test/runtime` first)";

describe.skipIf(!installed)(`kernels in workerd${why}`, () => {
  let worker: Worker | undefined;
  let report: KernelReport;

  beforeAll(async () => {
    worker = await startWorker();
    const response = await worker.dispatchFetch("http://kernels/");
    expect(response.status).toBe(200);
    report = (await response.json()) as KernelReport;
  });
  afterAll(() => worker?.dispose());

  test("relaxed SIMD is there, and its build is what runs", () => {
    expect(report).toMatchObject({ relaxedSimd: true, build: "relaxed" });
  });

  test("every property was checked", () => {
    expect(Object.keys(report.results)).toEqual(Object.keys(CONFORMANCE));
  });

  for (const property of Object.keys(CONFORMANCE)) {
    test(property, () => expect(report.results[property]).toBeNull());
  }
});

/** Not a literal, so that types are checked without it as well. */
const MINIFLARE: string = "miniflare";

/** The part of Miniflare used here; its own types are only there once it is installed. */
interface Worker {
  dispatchFetch(url: string): Promise<Response>;
  dispose(): Promise<void>;
}
interface MiniflareModule {
  readonly Miniflare: new (options: object) => Worker;
}

/** A Worker of one bundle, with the wasm files beside it as compiled modules. */
async function startWorker(): Promise<Worker> {
  const wasm = new Map<string, Buffer>();
  const { outputFiles } = await build({
    entryPoints: [new URL("kernels.workerd.ts", import.meta.url).pathname],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker"],
    plugins: [
      {
        name: "compiled-wasm",
        setup(bundle) {
          bundle.onResolve({ filter: /\.wasm$/ }, async ({ path, resolveDir }) => {
            const file = new URL(path, `file://${resolveDir}/`);
            wasm.set(basename(path), await readFile(file));
            return { path: `./${basename(path)}`, external: true };
          });
        },
      },
    ],
  });
  const { Miniflare } = (await import(MINIFLARE)) as MiniflareModule;
  return new Miniflare({
    compatibilityDate: "2026-07-01",
    modules: [
      {
        type: "ESModule",
        path: "worker.mjs",
        contents:
          'import { runKernels } from "./bundle.mjs"; export default { fetch: () => Response.json(runKernels()) };',
      },
      { type: "ESModule", path: "bundle.mjs", contents: outputFiles[0]!.text },
      ...Array.from(wasm, ([path, contents]) => ({ type: "CompiledWasm", path, contents })),
    ],
  });
}
