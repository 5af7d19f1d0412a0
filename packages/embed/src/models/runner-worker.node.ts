/** The thread a model runs in: ONNX Runtime's calls block theirs, and the server's has other things to do. */

import { type MessagePort, parentPort, workerData } from "node:worker_threads";

import { asNexusError, type EmbedInput, NexusError } from "@nexus/core";

import { openRunner, type RunnerPlan } from "./open-runner.node.ts";
import type { Runner, RunnerOutput, RunOptions } from "./runner.ts";

export interface RunRequest {
  readonly call: number;
  /** Absent: the call is to be given up. */
  readonly inputs?: readonly EmbedInput[] | undefined;
  readonly options?: Omit<RunOptions, "signal"> | undefined;
}

export interface PlainError extends Pick<NexusError, "code" | "message"> {
  /** The runtime's own words. */
  readonly cause?: string | undefined;
}

export type WorkerMessage =
  | {
      readonly kind: "ready";
      readonly device: string;
      readonly bytes: number;
      readonly quantization: string | undefined;
    }
  | { readonly kind: "failed"; readonly error: PlainError }
  | { readonly kind: "done"; readonly call: number; readonly outcomes: readonly (RunnerOutput | PlainError)[] }
  | { readonly kind: "error"; readonly call: number; readonly error: PlainError };

type Say = (message: WorkerMessage, transfer?: readonly ArrayBuffer[]) => void;

if (parentPort) await serve(parentPort, workerData as RunnerPlan);

async function serve(port: MessagePort, plan: RunnerPlan): Promise<void> {
  const say: Say = (message, transfer = []) => port.postMessage(message, transfer);
  let runner: Runner;
  try {
    runner = await openRunner(plan);
  } catch (error) {
    say({ kind: "failed", error: plainError(error) });
    return;
  }
  const running = new Map<number, AbortController>();
  port.on("message", ({ call, inputs, options }: RunRequest) => {
    if (!inputs) return running.get(call)?.abort();
    const abort = new AbortController();
    running.set(call, abort);
    const { signal } = abort;
    void answer(call, runner.run(inputs, { ...options, signal }), say).finally(() => running.delete(call));
  });
  say({ kind: "ready", device: runner.device, bytes: runner.bytes, quantization: runner.quantization });
}

async function answer(call: number, work: ReturnType<Runner["run"]>, say: Say): Promise<void> {
  try {
    const outcomes = await work;
    const vectors = outcomes.flatMap((outcome) => (outcome instanceof NexusError ? [] : [outcome.vector.buffer]));
    const plain = outcomes.map((outcome) => (outcome instanceof NexusError ? plainError(outcome) : outcome));
    say({ kind: "done", call, outcomes: plain }, vectors as ArrayBuffer[]);
  } catch (error) {
    say({ kind: "error", call, error: plainError(error) });
  }
}

/** An error's class does not survive the way to another thread. */
function plainError(error: unknown): PlainError {
  const { code, message, cause } = asNexusError(error);
  return { code, message, cause: cause instanceof Error ? cause.message : undefined };
}
