import { NexusError, type Random } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDelay, withRetry } from "./retry.ts";
import type { Timers } from "./timers.ts";

const POLICY = { maxRetries: 2, baseMs: 50, maxMs: 2_000 };
const RETRYABLE = new NexusError("embed.device", "later");
const FINAL = new NexusError("embed.load_failed", "never");
const OPEN = new NexusError("breaker.open", "left alone");
/** Always half of what it may be. */
const random: Random = { bytes: (target) => target.fill(0).fill(0x80, 0, 1) };

function recorder(): { timers: Timers; delays: number[] } {
  const delays: number[] = [];
  return {
    delays,
    timers: {
      after(ms, run) {
        delays.push(ms);
        queueMicrotask(run);
        return () => {};
      },
    },
  };
}

describe("retry", () => {
  it("waits at most 50 ms, then 100 ms, and gives up at the third failure", async () => {
    const { timers, delays } = recorder();
    let calls = 0;
    const call = async () => {
      calls++;
      throw RETRYABLE;
    };
    await expect(withRetry(call, { policy: POLICY, random, timers })).rejects.toBe(RETRYABLE);
    expect(calls).toBe(3);
    expect(delays).toEqual([25, 50]);
  });

  it.each([FINAL, OPEN, new Error("foreign")])("never tries again after %s", async (error) => {
    const { timers, delays } = recorder();
    const call = async (): Promise<never> => {
      throw error;
    };
    await expect(withRetry(call, { policy: POLICY, random, timers })).rejects.toBe(error);
    expect(delays).toEqual([]);
  });

  it("answers with the first success", async () => {
    const { timers } = recorder();
    const outcomes = [RETRYABLE, "done"];
    const call = async () => {
      const next = outcomes.shift();
      if (next instanceof NexusError) throw next;
      return next;
    };
    expect(await withRetry(call, { policy: POLICY, random, timers })).toBe("done");
  });

  it("stops waiting when its signal aborts", async () => {
    const controller = new AbortController();
    const never: Timers = { after: () => () => {} };
    const waiting = withRetry(() => Promise.reject(RETRYABLE), {
      policy: POLICY,
      random,
      timers: never,
      signal: controller.signal,
    });
    controller.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
  });

  it("keeps every delay within [0, min(max, base · 2^(attempt − 1)))", () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), chance, (attempt, x) => {
        const delay = retryDelay(RETRYABLE, attempt, { ...POLICY, maxRetries: 20 }, x)!;
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(Math.min(2_000, 50 * 2 ** (attempt - 1)) + Number.EPSILON);
      }),
    );
  });
});
