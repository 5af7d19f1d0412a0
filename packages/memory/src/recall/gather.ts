/** Asks all sources at once under one deadline. A source that is late or fails is named, and the others go on without it. */

import { asNexusError, type Clock, type Telemetry } from "@nexus/core";
import type { Skipped } from "../requests.ts";
import type { Finding, SearchContext, Source } from "../sources/source.ts";

export interface Gathered {
  readonly findings: ReadonlyMap<Source["name"], Finding>;
  readonly skipped: readonly Skipped[];
}

export async function gather(
  sources: readonly Source[],
  context: SearchContext,
  { deadlineMs, clock, telemetry }: { deadlineMs: number; clock: Clock; telemetry: Telemetry },
): Promise<Gathered> {
  const findings = new Map<Source["name"], Finding>();
  const skipped: Skipped[] = [];
  await Promise.all(
    sources.map(async (source) => {
      const started = clock.monotonic();
      try {
        const finding = await within(Math.min(deadlineMs, source.timeoutMs), source.find(context));
        const elapsedMs = clock.monotonic() - started;
        telemetry.observe("source_seconds", elapsedMs / 1_000, { source: source.name });
        if (finding) findings.set(source.name, finding);
        else skipped.push({ source: source.name, reason: "deadline", elapsedMs });
      } catch (error) {
        const { code } = asNexusError(error);
        telemetry.count("errors_total", { code, dependency: source.name });
        skipped.push({ source: source.name, reason: "error", elapsedMs: clock.monotonic() - started, code });
      }
    }),
  );
  for (const { source, reason } of skipped) telemetry.count("source_skipped_total", { source, reason });
  return { findings, skipped };
}

/** The promise's value, or undefined once the time is up; what comes later is dropped. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
