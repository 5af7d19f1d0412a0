/** A runner whose model lives in a thread of its own. */

import { Worker } from "node:worker_threads";

import { type EmbedInput, NexusError } from "@nexus/core";

import { estimateLength } from "../runners/input-length.ts";
import type { RunnerPlan } from "./open-runner.node.ts";
import type { Runner, RunnerOutput } from "./runner.ts";
import type { PlainError, RunRequest, WorkerMessage } from "./runner-worker.node.ts";

type Outcomes = readonly (RunnerOutput | NexusError)[];
type Ready = Extract<WorkerMessage, { kind: "ready" }>;

interface Call {
  resolve(outcomes: Outcomes): void;
  reject(error: unknown): void;
}

/** A call that was given up ends with the batch that runs, and no batch is given longer than this. */
const HUNG_MS = 30_000;

/**
 * Starts the thread and loads the model in it.
 *
 * cost    23 MB and .1 to .2 s to start (a busy machine); a call takes as long as without
 * throws  what opening the runner throws there
 */
export async function openWorkerRunner(
  plan: RunnerPlan,
  { hungMs = HUNG_MS }: { readonly hungMs?: number } = {},
): Promise<Runner> {
  const calls = new Map<number, Call>();
  const worker = new Worker(new URL("./runner-worker.node.ts", import.meta.url), { workerData: plan });
  let gone: NexusError | undefined;
  const end = (cause: unknown): void => {
    gone ??= stopped(plan.model.id, cause);
    for (const call of calls.values()) call.reject(gone);
    calls.clear();
  };
  const ready = await new Promise<Ready>((resolve, reject) => {
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "ready") resolve(message);
      else if (message.kind === "failed") reject(revive(message.error));
      else settle(calls, message);
      // A thread that has nothing to do does not keep the process alive.
      if (calls.size === 0) worker.unref();
    });
    const stop = (cause?: unknown): void => {
      end(cause);
      reject(gone);
    };
    worker.on("error", stop);
    worker.on("exit", () => stop());
  }).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  let next = 0;
  return {
    id: plan.model.id,
    dimension: plan.model.dimension,
    bytes: ready.bytes,
    device: ready.device,
    quantization: ready.quantization,
    weights: plan.weights,
    get lost() {
      return gone !== undefined;
    },
    lengthOf: (input) => estimateLength(input, plan.model.maxTokens),
    async run(inputs, options = {}) {
      const { signal, ...rest } = options;
      signal?.throwIfAborted();
      if (gone) throw gone;
      const call = next++;
      const send = (request: RunRequest): void => worker.postMessage(request);
      worker.ref();
      let hung: NodeJS.Timeout | undefined;
      const abandon = (): void => {
        send({ call });
        // Native code cannot be interrupted: the thread is left to itself, and the model is loaded in another.
        hung = setTimeout(() => {
          end(new Error("it did not answer a call that was given up"));
          worker.unref();
          void worker.terminate();
        }, hungMs);
      };
      signal?.addEventListener("abort", abandon, { once: true });
      try {
        return await new Promise<Outcomes>((resolve, reject) => {
          calls.set(call, { resolve, reject });
          send({ call, inputs: inputs.map(sendable), options: rest });
        });
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      } finally {
        clearTimeout(hung);
        signal?.removeEventListener("abort", abandon);
        // Of an input that could not be sent.
        calls.delete(call);
        if (calls.size === 0) worker.unref();
      }
    },
    close: async () => void (await worker.terminate()),
  };
}

function settle(calls: Map<number, Call>, message: Extract<WorkerMessage, { call: number }>): void {
  const call = calls.get(message.call);
  calls.delete(message.call);
  if (message.kind === "error") call?.reject(revive(message.error));
  else call?.resolve(message.outcomes.map((outcome) => ("code" in outcome ? revive(outcome) : outcome)));
}

/** Only the bytes that are meant: a view into a large buffer would take all of it along. */
function sendable(input: EmbedInput): EmbedInput {
  if ("bytes" in input) return { ...input, bytes: input.bytes.slice() };
  if ("samples" in input) return { ...input, samples: input.samples.slice() };
  return input;
}

function revive({ code, message, cause }: PlainError): NexusError {
  return new NexusError(code, message, cause === undefined ? {} : { cause: new Error(cause) });
}

function stopped(id: string, cause: unknown): NexusError {
  return new NexusError(
    "embed.load_failed",
    `[nexus/embed] the thread of model ${id} ended; it is loaded again when asked for`,
    {
      cause,
    },
  );
}
