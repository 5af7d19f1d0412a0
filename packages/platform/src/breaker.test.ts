import { NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Breaker, type BreakerState, createBreaker } from "./breaker.ts";

const FAILURES = 5;
const OPEN_MS = 30_000;
const TRIALS = 3;
const ILL = new NexusError("embed.device", "ill");
const MISTAKE = new NexusError("embed.input_broken", "a caller's mistake");

interface World {
  readonly breaker: Breaker;
  readonly states: BreakerState[];
  advance(ms: number): void;
  /** What became of a call: its error's code, or "ok". */
  call(error?: NexusError): Promise<string>;
}

function open(): World {
  let now = 1_000;
  const states: BreakerState[] = [];
  const breaker = createBreaker({
    name: "it",
    clock: { now: () => 0, monotonic: () => now },
    failures: FAILURES,
    openMs: OPEN_MS,
    trials: TRIALS,
    isFailure: (error) => error === ILL,
    onState: (state) => states.push(state),
  });
  return {
    breaker,
    states,
    advance(ms) {
      now += ms;
    },
    call(error) {
      const work = async (): Promise<void> => {
        if (error) throw error;
      };
      return outcome(breaker.run(work));
    },
  };
}

async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "ok";
  } catch (error) {
    return (error as NexusError).code;
  }
}

async function broken(): Promise<World> {
  const world = open();
  for (let i = 0; i < FAILURES; i++) await world.call(ILL);
  return world;
}

describe("breaker", () => {
  it("opens at the 5th failure in a row, and not at 5 with a success between them", async () => {
    const world = open();
    for (let i = 0; i < FAILURES - 1; i++) await world.call(ILL);
    await world.call();
    for (let i = 0; i < FAILURES - 1; i++) await world.call(ILL);
    expect(world.breaker.state()).toBe("closed");
    await world.call(ILL);
    expect(world.breaker.state()).toBe("open");
  });

  it("refuses without beginning for 30 s, and says how long is left", async () => {
    const world = await broken();
    world.advance(OPEN_MS - 1_500);
    let begun = false;
    const refused = world.breaker.run(async () => {
      begun = true;
    });
    await expect(refused).rejects.toMatchObject({ code: "breaker.open", retryAfterSeconds: 2 });
    expect(begun).toBe(false);
  });

  it("lets three calls through then, refuses a fourth at once, and closes when all three pass", async () => {
    const world = await broken();
    world.advance(OPEN_MS);
    const gates = Array.from({ length: TRIALS }, () => Promise.withResolvers<void>());
    const trials = gates.map(({ promise }) => outcome(world.breaker.run(() => promise)));
    expect(await world.call()).toBe("breaker.open");
    for (const { resolve } of gates) resolve();
    expect(await Promise.all(trials)).toEqual(["ok", "ok", "ok"]);
    expect(world.states).toEqual(["open", "half-open", "closed"]);
  });

  it("opens for another 30 s when one trial fails, whatever the others do later", async () => {
    const world = await broken();
    world.advance(OPEN_MS);
    const late = Promise.withResolvers<void>();
    const slow = outcome(world.breaker.run(() => late.promise));
    await world.call();
    await world.call(ILL);
    expect(world.breaker.state()).toBe("open");
    late.resolve();
    await slow;
    world.advance(OPEN_MS - 1);
    expect(await world.call()).toBe("breaker.open");
    world.advance(1);
    expect(await world.call()).toBe("ok");
  });

  it("counts a caller's mistake neither way, closed or on trial", async () => {
    const world = open();
    for (let i = 0; i < FAILURES - 1; i++) await world.call(ILL);
    await world.call(MISTAKE);
    await world.call(ILL);
    expect(world.breaker.state()).toBe("open");
    world.advance(OPEN_MS);
    for (let i = 0; i < 10; i++) expect(await world.call(MISTAKE)).toBe("embed.input_broken");
    for (let i = 0; i < TRIALS; i++) expect(await world.call()).toBe("ok");
    expect(world.breaker.state()).toBe("closed");
  });

  it("behaves as a plain state machine over any sequence of calls one after the other", async () => {
    const events = fc.array(fc.constantFrom("ok", "ill", "mistake", "second", "half a minute"), { maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(events, async (played) => {
        const world = open();
        const model = { failed: 0, openUntil: -1, now: 0, passed: 0, trying: false };
        for (const event of played) {
          const ms = event === "second" ? 1_000 : event === "half a minute" ? OPEN_MS : 0;
          model.now += ms;
          world.advance(ms);
          if (ms > 0) continue;
          const error = event === "ill" ? ILL : event === "mistake" ? MISTAKE : undefined;
          const got = await world.call(error);
          if (model.openUntil > model.now) {
            expect(got).toBe("breaker.open");
            continue;
          }
          if (model.openUntil >= 0) Object.assign(model, { openUntil: -1, trying: true, passed: 0 });
          expect(got).toBe(error?.code ?? "ok");
          if (event === "ok") {
            model.failed = 0;
            if (model.trying && ++model.passed === TRIALS) model.trying = false;
          }
          if (event === "ill" && (model.trying || ++model.failed === FAILURES))
            Object.assign(model, { failed: 0, trying: false, openUntil: model.now + OPEN_MS });
        }
      }),
    );
  });
});
