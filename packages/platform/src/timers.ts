/** Waiting is injected like the clock, so that tests own it. */

export interface Timers {
  /** Calls once after so many milliseconds; what it returns calls it off. */
  after(ms: number, run: () => void): () => void;
}

/** The platform's own timers. */
export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after so many milliseconds. throws  the signal's reason as soon as it aborts */
export function pause(ms: number, timers: Timers, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = timers.after(ms, () => {
      signal?.removeEventListener("abort", leave);
      resolve();
    });
    if (signal?.aborted) leave();
    else signal?.addEventListener("abort", leave, { once: true });
  });
}
