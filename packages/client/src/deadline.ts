/** Bounds a call in time. */

import { NexusClientError } from "./errors.ts";
import type { CallOptions } from "./requests.ts";

/**
 * Runs `work` until it ends, the caller aborts or the time is up, even if `work` itself does not listen.
 *
 * throws   client.timeout; the caller's own reason when the caller aborts
 */
export async function withDeadline<T>(
  { signal, timeoutMs, what }: CallOptions & { readonly timeoutMs: number; readonly what: string },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeout(what, timeoutMs)), timeoutMs);
  const forward = () => controller.abort(signal?.reason);
  signal?.addEventListener("abort", forward, { once: true });
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", forward);
  }
}

function timeout(what: string, timeoutMs: number): NexusClientError {
  const detail = `${what} took longer than ${timeoutMs} ms`;
  return new NexusClientError({ code: "client.timeout", detail, retryable: true });
}
