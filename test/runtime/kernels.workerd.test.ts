import { CONFORMANCE } from "@nexus/kernels/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelReport } from "./kernels.workerd.ts";
import { bundleWorker, installed, startWorker, type Worker } from "./kernels-worker.ts";

const ENTRY = new URL("kernels.workerd.ts", import.meta.url);
const why = installed ? "" : " (skipped: run `npm ci --prefix test/runtime` first)";

describe.skipIf(!installed)(`kernels in workerd${why}`, () => {
  for (const delivery of ["modules", "bytes"] as const) {
    describe(
      delivery === "modules" ? "compiled before the isolate starts" : "compiled from bytes at the top level",
      () => {
        let worker: Worker | undefined;
        let report: KernelReport;

        beforeAll(async () => {
          worker = await startWorker(await bundleWorker(ENTRY, delivery));
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
      },
    );
  }
});
