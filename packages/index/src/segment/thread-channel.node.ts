/** Requests to one thread and its answers: started at the first request, started anew after it has died. */

import { Worker } from "node:worker_threads";
import { NexusError } from "@nexus/core";
import type { ThreadAnswer, ThreadRequest } from "./thread-protocol.ts";

export type Answered = Exclude<ThreadAnswer, { readonly kind: "failed" }>;
/** A request without its number. */
export type Unnumbered<T> = T extends { readonly id: number } ? Omit<T, "id"> : never;
/** What has no answer. */
export type Told = Extract<ThreadRequest, { readonly kind: "stop" | "forget" }>;

interface Waiting {
  readonly resolve: (answer: Answered) => void;
  readonly reject: (error: NexusError) => void;
}

export class ThreadChannel {
  #worker: Worker | undefined;
  #requests = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Throws `store.unavailable` where the thread fails or ends before it has answered. */
  ask(request: Unnumbered<ThreadRequest>): Promise<Answered> {
    const id = this.#requests++;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ ...request, id });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  tell(message: Told): void {
    this.#worker?.postMessage(message);
  }

  async close(): Promise<void> {
    const ending = this.#worker;
    this.#worker = undefined;
    await ending?.terminate();
    this.#fail("it is closed");
  }

  #start(): Worker {
    const worker = new Worker(new URL("segment-worker.node.ts", import.meta.url));
    // It does not keep the process alive.
    worker.unref();
    worker.on("message", (answer: ThreadAnswer) => {
      const asked = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.kind === "failed") asked?.reject(failure(answer.message));
      else asked?.resolve(answer);
    });
    const ended = (why: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#fail(why);
    };
    worker.on("error", (error) => ended(error instanceof Error ? error.message : String(error)));
    worker.on("exit", () => ended("it ended"));
    return worker;
  }

  #fail(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(failure(why));
    this.#waiting.clear();
  }
}

export function failure(why: string): NexusError {
  return new NexusError("store.unavailable", `[nexus/index] the index's thread failed: ${why}; try again`);
}
