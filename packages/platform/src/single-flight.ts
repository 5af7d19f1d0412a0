/** Several callers who want the same thing at the same time share one run of the work. */

export interface SingleFlight<T> {
  /**
   * The value of the run under way for `key`, or of a new one. Nothing is kept once a run ends, errors included.
   * A caller whose signal aborts leaves alone: the work goes on for the others.
   */
  run(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const running = new Map<string, Promise<T>>();
  return {
    run(key, work, signal) {
      const shared = running.get(key) ?? start(running, key, work);
      return signal ? detachable(shared, signal) : shared;
    },
  };
}

function start<T>(running: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  // Begun in a microtask, so that work which throws at once cannot end before it is noted as running.
  const shared = Promise.resolve()
    .then(work)
    .finally(() => running.delete(key));
  running.set(key, shared);
  return shared;
}

function detachable<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const leave = () => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
