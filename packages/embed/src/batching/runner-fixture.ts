/** For tests of what runs models: a runner that really embeds, can be made to fail, and time that tests move. */

import { type Clock, type EmbedInput, NexusError } from "@nexus/core";
import type { Timers } from "@nexus/platform";
import { createHashingEmbedder } from "../hashing.ts";
import type { Runner, RunOptions } from "../models/runner.ts";

export interface TestTime extends Clock, Timers {
  /** Moves the clock and runs the timers that are due, each in its turn. */
  advance(ms: number): Promise<void>;
}

export interface TestRunner extends Runner {
  /** Contents of each run so far. */
  readonly runs: string[][];
  /** Called at each run, before it embeds; may throw or wait. */
  before: (contents: readonly string[], options: RunOptions) => void | Promise<void>;
}

/** A text that begins so is an input that cannot be read; one with `poison` in it fails the whole run. */
export const BROKEN = "broken";
export const POISON = "poison";
export const DIMENSION = 32;

const hashing = createHashingEmbedder({ dimension: DIMENSION });

/** What the runner of this model must answer for a text: each model has vectors of its own. */
export async function expectedVector(content: string, id = "e1"): Promise<Float32Array> {
  const [vector] = await hashing.embed([`${id} ${content}`]);
  return vector!;
}

export function createTestRunner(id: string): TestRunner {
  const runner: TestRunner = {
    id,
    dimension: DIMENSION,
    bytes: 0,
    device: "cpu",
    runs: [],
    before: () => undefined,
    async run(inputs, options = {}) {
      const contents = inputs.map(contentOf);
      runner.runs.push(contents);
      await runner.before(contents, options);
      options.signal?.throwIfAborted();
      if (contents.some((content) => content.includes(POISON))) throw new Error("a foreign error");
      return await Promise.all(
        contents.map(async (content) =>
          content.startsWith(BROKEN)
            ? new NexusError("embed.input_broken", "[test] broken")
            : { vector: await expectedVector(content, id), tokens: content.split(" ").length, truncated: false },
        ),
      );
    },
    lengthOf: (input) => contentOf(input).length,
    close: async () => {},
  };
  return runner;
}

export function createTestTime(): TestTime {
  let now = 1_000_000;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settled();
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        now = Math.max(now, next.at);
        timers = timers.filter((other) => other !== next);
        next.run();
      }
      now = end;
      await settled();
    },
  };
}

/** Resolves once everything that waits for nothing but promises is done. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function contentOf(input: EmbedInput): string {
  return "content" in input ? input.content : "";
}
