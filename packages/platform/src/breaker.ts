/** A circuit breaker: leaves a dependency alone for a while once it has failed repeatedly. */

import { type Clock, NexusError } from "@nexus/core";

export type BreakerState = "closed" | "open" | "half-open";

export interface Breaker {
  /**
   * Runs the work unless the dependency is left alone.
   *
   * throws  breaker.open with its retry-after, without having begun; else what the work throws
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** What `run` would throw now; undefined where it would begin. */
  refusal(): NexusError | undefined;
  state(): BreakerState;
}

export interface BreakerOptions {
  /** Of the dependency, for the message. */
  readonly name: string;
  readonly clock: Clock;
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open. */
  readonly openMs: number;
  /** Calls that are let through then; all of them must succeed for it to close. */
  readonly trials: number;
  /** Whether an error says that the dependency is ill. Others (a caller's mistake, a cancelled call) count neither way. */
  readonly isFailure: (error: unknown) => boolean;
  readonly onState?: ((state: BreakerState) => void) | undefined;
}

/**
 * Starts closed. One failed trial opens it again.
 *
 * Own code, not `cockatiel`: that one reads the wall clock itself (a clock set back prolongs an opening, and tests
 * cannot own the time), lets callers beyond the trials wait instead of answering them, and cannot say when to come back.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { name, clock, openMs, trials, isFailure, onState } = options;
  let state: BreakerState = "closed";
  let failed = 0;
  let openedAt = 0;
  let underWay = 0;
  let passed = 0;
  /** Counts changes of state: what began before one says nothing after it. */
  let era = 0;

  const enter = (next: BreakerState): void => {
    state = next;
    era++;
    failed = 0;
    underWay = 0;
    passed = 0;
    if (next === "open") openedAt = clock.monotonic();
    onState?.(next);
  };
  const succeed = (): void => {
    failed = 0;
    if (state === "half-open" && ++passed >= trials) enter("closed");
  };
  const fail = (): void => {
    if (state === "half-open" || ++failed >= options.failures) enter("open");
  };
  const waitMs = (): number => {
    if (state === "open") return Math.max(0, openedAt + openMs - clock.monotonic());
    return state === "half-open" && underWay + passed >= trials ? 1 : 0;
  };
  const refusal = (): NexusError | undefined => {
    const ms = waitMs();
    if (ms === 0) return undefined;
    const retryAfterSeconds = Math.max(1, Math.ceil(ms / 1_000));
    const message = `[nexus/platform:breaker] ${name} failed repeatedly and is left alone; try again in ${retryAfterSeconds} s`;
    return new NexusError("breaker.open", message, { retryAfterSeconds });
  };
  return {
    refusal,
    state: () => state,
    async run(work) {
      const refused = refusal();
      if (refused) throw refused;
      if (state === "open") enter("half-open");
      const begun = era;
      underWay++;
      try {
        const result = await work();
        if (era === begun) {
          underWay--;
          succeed();
        }
        return result;
      } catch (error) {
        if (era === begun) {
          underWay--;
          if (isFailure(error)) fail();
        }
        throw error;
      }
    },
  };
}
