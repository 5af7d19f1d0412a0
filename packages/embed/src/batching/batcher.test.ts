import { type EmbedInput, NexusError, silent } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunnerOutput } from "../models/runner.ts";
import { type Batcher, type BatcherOptions, type BatchSettings, createBatcher } from "./batcher.ts";
import { BROKEN, createTestRunner, createTestTime, expectedVector, POISON, settled } from "./runner-fixture.ts";

const SETTINGS: BatchSettings = {
  minBatch: 1,
  maxBatch: 32,
  startBatch: 8,
  waitMs: 2,
  targetMs: 20,
  maxQueue: 1_000,
  padding: "dynamic",
  maxBatchTokens: 8_192,
  overlap: 1,
  runTimeoutMs: 10_000,
  stable: true,
};

function open(settings: Partial<BatchSettings> = {}, options: Partial<BatcherOptions> = {}) {
  const runner = createTestRunner("e1");
  const time = createTestTime();
  const batcher = createBatcher({
    model: "e1",
    maxTokens: 256,
    use: (work) => work(runner),
    guard: (call) => call(),
    settings: { ...SETTINGS, ...settings },
    clock: time,
    timers: time,
    telemetry: silent,
    ...options,
  });
  return { runner, time, batcher };
}

const text = (content: string): EmbedInput => ({ modality: "text", content });

/** A vector as an array, or the error's code or name. */
async function outcome(promise: Promise<RunnerOutput>): Promise<number[] | string> {
  try {
    return [...(await promise).vector];
  } catch (error) {
    return error instanceof NexusError ? error.code : (error as Error).name;
  }
}

const embedAll = (batcher: Batcher, contents: readonly string[]) =>
  Promise.all(contents.map((content) => outcome(batcher.embed(text(content)))));

describe("batcher", () => {
  it("begins at once when idle, with all inputs of the same turn in one batch", async () => {
    const { runner, batcher } = open();
    await embedAll(batcher, ["one", "two", "six"]);
    expect(runner.runs).toEqual([["one", "two", "six"]]);
  });

  it("gives each caller its own vector or error, and answers every one, whatever comes when and whoever leaves", async () => {
    const kinds = fc.constantFrom("plain", "plain", "plain", "broken", "poison", "leaves", "background", "strict");
    const caller = fc.record({
      kind: kinds,
      words: fc.integer({ min: 1, max: 60 }),
      atMs: fc.integer({ min: 0, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(caller, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom("dynamic", "bucket", "power", "maximum"),
        async (callers, overlap, padding) => {
          const { runner, time, batcher } = open({ overlap, padding, targetMs: 4 });
          runner.before = (contents) => new Promise((resolve) => void time.after(contents.length % 4, resolve));
          const asked: { promise: Promise<number[] | string>; expected: number[] | string; leaves: boolean }[] = [];
          const order = callers.map((caller, i) => ({ ...caller, i })).toSorted((a, b) => a.atMs - b.atMs);
          let now = 0;
          for (const { kind, words, atMs, i } of order) {
            if (atMs > now) await time.advance(atMs - now);
            now = atMs;
            const prefix = kind === "broken" ? BROKEN : kind === "poison" ? POISON : "word";
            const content = `${prefix} ${Array.from({ length: words }, (_, n) => `w${i}x${n}`).join(" ")}`;
            const controller = new AbortController();
            const promise = outcome(
              batcher.embed(text(content), {
                signal: controller.signal,
                background: kind === "background",
                truncate: kind !== "strict",
              }),
            );
            if (kind === "leaves") time.after(i % 5, () => controller.abort());
            const code = { broken: "embed.input_broken", poison: "internal.unexpected" }[kind as string];
            asked.push({ promise, expected: code ?? [...(await expectedVector(content))], leaves: kind === "leaves" });
          }
          await time.advance(60_000);
          for (const { promise, expected, leaves } of asked) {
            const got = await promise;
            if (leaves && got === "AbortError") continue;
            expect(got).toEqual(expected);
          }
          expect(batcher.waiting()).toBe(0);
          expect(Math.max(...runner.runs.map(({ length }) => length))).toBeLessThanOrEqual(32);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it("waits at most 2 ms for callers of the last batch, and not at all once as many are back", async () => {
    const { runner, time, batcher } = open();
    runner.before = () => new Promise((resolve) => void time.after(10, resolve));
    const first = embedAll(batcher, ["a", "b", "c"]);
    await time.advance(10);
    await first;
    void embedAll(batcher, ["d"]);
    await settled();
    expect(runner.runs).toHaveLength(1);
    void embedAll(batcher, ["e", "f"]);
    await settled();
    expect(runner.runs[1]).toEqual(["d", "e", "f"]);
    await time.advance(10);
    void embedAll(batcher, ["g"]);
    await time.advance(1);
    expect(runner.runs).toHaveLength(2);
    await time.advance(1);
    expect(runner.runs[2]).toEqual(["g"]);
    await time.advance(60);
    void embedAll(batcher, ["h"]);
    await settled();
    expect(runner.runs[3]).toEqual(["h"]);
  });

  it("puts texts of like length together, so that little of a run is padding", async () => {
    const { runner, batcher } = open();
    const [short, long] = ["s".repeat(10), "l".repeat(200)];
    await embedAll(batcher, [short, long, short, long, short, long]);
    expect(runner.runs).toEqual([
      [short, short, short],
      [long, long, long],
    ]);
  });

  it("keeps a batch within its bound of tokens, padding included", async () => {
    const { runner, batcher } = open({ maxBatchTokens: 512 });
    await embedAll(
      batcher,
      Array.from({ length: 7 }, () => "x".repeat(200)),
    );
    expect(runner.runs.map(({ length }) => length)).toEqual([2, 2, 2, 1]);
  });

  it("shrinks batches over the target by a quarter and grows full ones under half of it, within 1 and 32", async () => {
    const { runner, time, batcher } = open();
    let ms = 1;
    runner.before = () => new Promise((resolve) => void time.after(ms, resolve));
    const sizes = async (count: number): Promise<number[]> => {
      const before = runner.runs.length;
      const done = embedAll(
        batcher,
        Array.from({ length: count }, (_, i) => `t${i % 10}`),
      );
      await time.advance(60_000);
      await done;
      return runner.runs.slice(before).map(({ length }) => length);
    };
    expect(await sizes(170)).toEqual([8, 10, 13, 17, 22, 28, 32, 32, 8]);
    ms = 100;
    expect((await sizes(80)).slice(0, 8)).toEqual([32, 24, 18, 6]);
    expect(await sizes(10)).toEqual([4, 3, 2, 1]);
    ms = 15;
    expect(await sizes(3)).toEqual([1, 1, 1]);
  });

  it("refuses with a retry-after what is beyond its queue, and answers the rest", async () => {
    const { batcher } = open({ maxQueue: 4 });
    const all = Array.from({ length: 6 }, (_, i) => batcher.embed(text(`t${i}`)));
    await expect(all[5]).rejects.toMatchObject({ code: "embed.batch", retryAfterSeconds: 1 });
    await expect(all[4]).rejects.toMatchObject({ code: "embed.batch" });
    expect(await Promise.all(all.slice(0, 4))).toHaveLength(4);
  });

  it("does not run what was called off, and stops a run that nobody waits for", async () => {
    const { runner, batcher } = open();
    const gate = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    runner.before = (_, { signal }) => {
      signals.push(signal!);
      return gate.promise;
    };
    const controllers = Array.from({ length: 3 }, () => new AbortController());
    const [running, beside, waiting] = controllers.map(({ signal }, i) =>
      outcome(batcher.embed(text(`t${i}`), { signal })),
    );
    controllers[2]!.abort();
    expect(await waiting).toBe("AbortError");
    await settled();
    expect(runner.runs).toEqual([["t0", "t1"]]);
    controllers[0]!.abort();
    expect(await running).toBe("AbortError");
    expect(signals[0]!.aborted).toBe(false);
    controllers[1]!.abort();
    expect(await beside).toBe("AbortError");
    expect(signals[0]!.aborted).toBe(true);
    gate.resolve();
    runner.before = () => undefined;
    expect(await outcome(batcher.embed(text("next")))).toEqual([...(await expectedVector("next"))]);
    expect(await outcome(batcher.embed(text("gone"), { signal: AbortSignal.abort() }))).toBe("AbortError");
    expect(runner.runs).toHaveLength(2);
  });

  it("answers embed.timeout when a run takes too long, keeps the model in use until it ends, and goes on", async () => {
    const inUse = { count: 0 };
    const runner = createTestRunner("e1");
    const { time, batcher } = open(
      {},
      {
        use: async (work) => {
          inUse.count++;
          return await work(runner).finally(() => inUse.count--);
        },
      },
    );
    const gate = Promise.withResolvers<void>();
    runner.before = () => gate.promise;
    const slow = outcome(batcher.embed(text("slow")));
    await time.advance(10_000);
    expect(await slow).toBe("embed.timeout");
    expect(inUse.count).toBe(1);
    runner.before = () => undefined;
    expect(await outcome(batcher.embed(text("next")))).toEqual([...(await expectedVector("next"))]);
    gate.resolve();
    await settled();
    expect(inUse.count).toBe(0);
  });

  it("tells all that wait when the model cannot be had, and tries again for the next", async () => {
    const missing = new NexusError("embed.model_missing", "not here");
    let isHere = false;
    const runner = createTestRunner("e1");
    const { batcher } = open({}, { use: (work) => (isHere ? work(runner) : Promise.reject(missing)) });
    expect(await embedAll(batcher, ["a", "b"])).toEqual(["embed.model_missing", "embed.model_missing"]);
    isHere = true;
    expect(await embedAll(batcher, ["a"])).toEqual([[...(await expectedVector("a"))]]);
  });

  it.each([
    ["not finite", () => new Float32Array(32).fill(Number.NaN)],
    ["zero", () => new Float32Array(32)],
    ["short", () => new Float32Array(31).fill(1)],
  ])("answers embed.invalid_output for a vector that is %s, and the others beside it", async (_, bad) => {
    const runner = createTestRunner("e1");
    const whole = runner.run.bind(runner);
    runner.run = async (inputs, options) => {
      const outputs = await whole(inputs, options);
      return outputs.map((output, i) => (i === 1 ? { vector: bad(), tokens: 1, truncated: false } : output));
    };
    const { batcher } = open({}, { use: (work) => work(runner) });
    const got = await embedAll(batcher, ["a", "b", "c"]);
    expect(got[1]).toBe("embed.invalid_output");
    expect([got[0], got[2]]).toEqual([[...(await expectedVector("a"))], [...(await expectedVector("c"))]]);
  });
});
