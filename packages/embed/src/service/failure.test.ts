import { type Embedding, type EmbedResult, NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DIMENSION, expectedVector } from "../batching/runner-fixture.ts";
import { EMBEDDING_DEFAULTS } from "../defaults.ts";
import { openService, text, told } from "./service-fixture.ts";

const ILL = new NexusError("embed.load_failed", "[test] ill");
const BUSY = new NexusError("embed.device", "[test] busy");
const tenant = "a";

describe("embedding service, when models fail", () => {
  it("tries a retryable failure twice more, after up to 50 and 100 ms, and then answers", async () => {
    const { service, runners, time } = openService(["e1"]);
    let left = 2;
    runners.get("e1")!.before = () => {
      if (left-- > 0) throw BUSY;
    };
    const asked = service.embed({ inputs: [text("x")], model: "e1", tenant });
    await time.advance(74);
    expect(runners.get("e1")!.runs).toHaveLength(2);
    await time.advance(1);
    expect((await asked).results.map(told)).toEqual([["e1"]]);
  });

  it("opens the breaker at the fifth failure: no load is tried for 30 s, then three trials close it", async () => {
    const { service, failLoads, time, measured } = openService(["e1"]);
    failLoads(ILL);
    const codes: string[] = [];
    const ask = async (content: string): Promise<void> => {
      const outcome = await service
        .embed({ inputs: [text(content)], model: "e1", tenant })
        .catch((error: unknown) => error);
      codes.push(outcome instanceof NexusError ? outcome.code : "ok");
    };
    for (let i = 0; i < 7; i++) await ask(`t${i}`);
    expect(codes).toEqual([...Array.from({ length: 5 }, () => "embed.load_failed"), "breaker.open", "breaker.open"]);
    failLoads(undefined);
    await time.advance(29_999);
    await ask("still");
    await time.advance(1);
    for (let i = 0; i < 4; i++) await ask(`again ${i}`);
    expect(codes.slice(7)).toEqual(["breaker.open", "ok", "ok", "ok", "ok"]);
    expect(measured.filter((line) => line.startsWith("breaker_state"))).toHaveLength(3);
  });

  it("without a name goes to the alternative, and to E0 where that fails too; says which, and why the others did not", async () => {
    const { service, runners } = openService(["e2", "e11"]);
    runners.get("e2")!.before = () => {
      throw ILL;
    };
    const first = await service.embed({ inputs: [text("x")], tenant });
    expect(first.results.map(told)).toEqual([["e11 for e2"]]);
    expect(first.skipped).toEqual([{ model: "e2", code: "embed.load_failed" }]);
    runners.get("e11")!.before = () => {
      throw ILL;
    };
    const second = await service.embed({ inputs: [text("y")], tenant });
    expect(second.results.map(told)).toEqual([["e0 for e2"]]);
    expect(second.skipped.map(({ model }) => model)).toEqual(["e2", "e11"]);
  });

  it("prefers a vector of the asked model from before, however old, to E0's", async () => {
    const { service, runners, time } = openService(["e1"], { ttlSeconds: 10 });
    await service.embed({ inputs: [text("known")], tenant });
    await time.advance(10_000);
    runners.get("e1")!.before = () => {
      throw ILL;
    };
    const { results } = await service.embed({ inputs: [text("known"), text("new")], tenant });
    expect(results.map(told)).toEqual([["e1 cached"], ["e0 for e1"]]);
  });

  it("never gives a zero vector, one of another length or one that is not finite, whatever the models do", async () => {
    const fault = fc.constantFrom("none", "nan", "zero", "short", "throws", "nothing");
    await fc.assert(
      fc.asyncProperty(
        fault,
        fault,
        fault,
        fc.constantFrom(undefined, "ensemble", "e2"),
        async (e0, e2, e11, model) => {
          const { service, runners } = openService(["e2", "e11"]);
          for (const [id, kind] of Object.entries({ e0, e2, e11 })) {
            const runner = runners.get(id)!;
            const whole = runner.run.bind(runner);
            runner.run = async (inputs, options) => {
              if (kind === "throws") throw new Error("foreign");
              const outputs = await whole(inputs, options);
              if (kind === "nothing") return [];
              const vector = {
                nan: new Float32Array(DIMENSION).fill(NaN),
                zero: new Float32Array(DIMENSION),
                short: new Float32Array(3),
              }[kind as string];
              return vector ? outputs.map(() => ({ vector, tokens: 1, truncated: false })) : outputs;
            };
          }
          const isWhole = { e0: e0 === "none", e2: e2 === "none", e11: e11 === "none" };
          const answer = await service
            .embed({ inputs: [text("x"), text("y")], model, tenant })
            .catch((error: unknown) => error);
          if (answer instanceof NexusError) {
            expect(model === "e2" ? isWhole.e2 : Object.values(isWhole).some(Boolean)).toBe(false);
            return;
          }
          for (const [i, result] of (answer as EmbedResult).results.entries()) {
            for (const { vector, model: by } of result as readonly Embedding[]) {
              expect(isWhole[by as keyof typeof isWhole]).toBe(true);
              expect(vector).toEqual(await expectedVector(i === 0 ? "x" : "y", by));
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("says embed.batch with a retry-after when too many wait, and lets no other model answer for that", async () => {
    const { service, runners, time } = openService(["e1"], {
      change: { batch: { ...EMBEDDING_DEFAULTS.batch, maxQueue: 2, startBatch: 1, maxBatch: 1 } },
    });
    runners.get("e1")!.before = () => new Promise((resolve) => void time.after(10, resolve));
    const asked = Promise.allSettled(
      Array.from({ length: 5 }, (_, i) => service.embed({ inputs: [text(`t${i}`)], tenant })),
    );
    await time.advance(1_000);
    const refused = (await asked).filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused)
      expect((one as PromiseRejectedResult).reason).toMatchObject({ code: "embed.batch", retryAfterSeconds: 1 });
  });
});
