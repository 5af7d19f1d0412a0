/** Follows a job to its end. */

import { withDeadline } from "./deadline.ts";
import { NexusClientError } from "./errors.ts";
import type { CallOptions, WaitOptions } from "./requests.ts";
import type { Job } from "./responses.ts";
import type { Runtime } from "./runtime.ts";

const DEFAULT_TIMEOUT_MS = 600_000;
/** Most jobs are short: ask soon, then less and less often. */
const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 2_000;
const POLL_GROWTH = 1.5;

export function waitForJob(
  read: (options: CallOptions) => Promise<Job>,
  { sleep }: Pick<Runtime, "sleep">,
  { id, signal, timeoutMs = DEFAULT_TIMEOUT_MS, onProgress }: WaitOptions & { readonly id: string },
): Promise<Job> {
  return withDeadline({ signal, timeoutMs, what: `job ${id}` }, async (signal) => {
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(LONGEST_POLL_MS, pollMs * POLL_GROWTH)) {
      const job = await read({ signal });
      onProgress?.(job);
      if (job.status === "done") return job;
      if (job.status === "failed") {
        const { code, detail } = job.error ?? { code: "job.failed", detail: "" };
        throw new NexusClientError({ code, detail: `job ${id} (${job.kind}) failed: ${detail}` });
      }
      await sleep(pollMs, signal);
    }
  });
}
