/** The one queue of writes: strictly in order, one group at a time. A group's works begin only when the group before is on disk. */

import { NexusError } from "@nexus/core";

export interface Queue<R> {
  /** throws  `store.unavailable` after `close`. */
  submit(request: R): void;
  /** Takes no more requests; resolves when all earlier ones are settled. */
  close(): Promise<void>;
}

/** `run` takes requests one by one with `take`, at least one, and never rejects. */
export function createQueue<R>(run: (take: () => R | undefined) => Promise<void>): Queue<R> {
  const waiting: R[] = [];
  let running: Promise<void> | undefined;
  let closed = false;
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) await run(() => waiting.shift());
    running = undefined;
  };
  return {
    submit(request) {
      if (closed) throw new NexusError("store.unavailable", "[nexus/stores:surreal] the record store is closing");
      waiting.push(request);
      running ??= drain();
    },
    async close() {
      closed = true;
      await running;
    },
  };
}
