/** What runs inside workerd: the conformance properties of the kernels, with every result as data. */

import { CONFORMANCE } from "@nexus/kernels/conformance";
import { hasRelaxedSimd, loadKernels } from "@nexus/kernels";

export interface KernelReport {
  readonly relaxedSimd: boolean;
  readonly build: string;
  /** Property → what went wrong, null where it holds. */
  readonly results: Readonly<Record<string, string | null>>;
}

export const worker: { fetch(): Response } = { fetch: () => Response.json(runKernels()) };

function runKernels(): KernelReport {
  const kernels = loadKernels();
  const results = Object.entries(CONFORMANCE).map(([property, check]): [string, string | null] => {
    try {
      check(kernels, 200);
      return [property, null];
    } catch (error) {
      return [property, error instanceof Error ? error.message : String(error)];
    }
  });
  return { relaxedSimd: hasRelaxedSimd(), build: kernels.build, results: Object.fromEntries(results) };
}
