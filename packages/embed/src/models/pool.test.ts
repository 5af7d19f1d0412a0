import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";

import type { ModelDescription } from "../registry/description.ts";
import { createModelPool, type ModelLoader, type ModelPoolOptions } from "./pool.ts";
import type { Runner } from "./runner.ts";

/** Models of ten bytes that note what happens to them; `wait` holds their loads back. */
function world(options: Partial<ModelPoolOptions> = {}, changed: Partial<ModelLoader> = {}) {
  const log: string[] = [];
  const state = { loading: 0, mostLoading: 0, fail: new Set<string>(), lost: new Set<string>() };
  let release: (() => void)[] = [];
  let held = false;
  let time = 0;
  const load = async ({ id, dimension }: ModelDescription): Promise<Runner> => {
    log.push(`load ${id}`);
    state.mostLoading = Math.max(state.mostLoading, ++state.loading);
    if (held) await new Promise<void>((resolve) => release.push(resolve));
    state.loading--;
    if (state.fail.has(id)) throw new NexusError("embed.load_failed", "[nexus/embed] it is broken");
    return {
      id,
      dimension,
      bytes: 10,
      device: "cpu",
      get lost() {
        return state.lost.delete(id);
      },
      run: async () => [],
      lengthOf: () => 1,
      close: async () => void log.push(`close ${id}`),
    };
  };
  const pool = createModelPool({
    loader: { files: async ({ id }) => ({ present: id !== "e12", bytes: 10 }), load, ...changed },
    now: () => time++,
    ...options,
  });
  return {
    pool,
    log,
    state,
    hold: () => (held = true),
    letGo: () => {
      held = false;
      for (const each of release.splice(0)) each();
      release = [];
    },
  };
}

const idOf = async ({ id }: Runner) => id;

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error instanceof NexusError ? error.code : String(error)),
  );
}

describe("the model pool", () => {
  it("loads a model when it is asked for, once for all who ask at the same time", async () => {
    const { pool, log } = world();
    expect(log).toEqual([]);
    expect(await Promise.all([pool.use("e1", idOf), pool.use("e1", idOf), pool.use("e1", idOf)])).toEqual([
      "e1",
      "e1",
      "e1",
    ]);
    await pool.use("e1", idOf);
    expect(log).toEqual(["load e1"]);
  });

  it("loads at most three at once", async () => {
    const { pool, state, hold, letGo } = world();
    hold();
    const all = ["e1", "e2", "e3", "e4", "e5", "e6"].map((id) => pool.use(id, idOf));
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.loading).toBe(3);
    letGo();
    await Promise.all(all);
    expect(state.mostLoading).toBe(3);
  });

  it("unloads the least recently used one that is not in use", async () => {
    const { pool, log } = world({ memoryBytes: 20 });
    await pool.use("e1", idOf);
    await pool.use("e2", idOf);
    await pool.use("e1", idOf);
    await pool.use("e3", idOf);
    expect(log).toEqual(["load e1", "load e2", "close e2", "load e3"]);
    await pool.use("e1", async () => void (await pool.use("e2", idOf)));
    expect(log.slice(4)).toEqual(["close e3", "load e2"]);
  });

  it("never unloads one in use: the next is embed.memory, and has its turn later", async () => {
    const { pool, log } = world({ memoryBytes: 10 });
    await pool.use("e1", async () => expect(await codeOf(pool.use("e2", idOf))).toBe("embed.memory"));
    expect(log).toEqual(["load e1"]);
    expect(await pool.use("e2", idOf)).toBe("e2");
  });

  it("nothing is unloaded for a model that would not fit even so", async () => {
    const bytesOf = (id: string) => (id === "e12" ? 40 : 10);
    const loader = { files: async ({ id }: ModelDescription) => ({ present: true, bytes: bytesOf(id) }) };
    const { pool, log } = world({ memoryBytes: 30 }, loader);
    await pool.use("e1", idOf);
    await pool.use("e2", idOf);
    expect(await codeOf(pool.use("e12", idOf))).toBe("embed.memory");
    expect(log).toEqual(["load e1", "load e2"]);
  });

  it("two loads at once never share the same room", async () => {
    const { pool } = world({ memoryBytes: 10 });
    const codes = await Promise.all([codeOf(pool.use("e1", idOf)), codeOf(pool.use("e2", idOf))]);
    expect(codes.toSorted()).toEqual(["embed.memory", "no error"]);
  });

  it("a load that fails leaves nothing behind and is tried again", async () => {
    const { pool, log, state } = world();
    state.fail.add("e1");
    expect(await codeOf(pool.use("e1", idOf))).toBe("embed.load_failed");
    state.fail.clear();
    expect(await pool.use("e1", idOf)).toBe("e1");
    expect(log).toEqual(["load e1", "load e1"]);
  });

  it("a model that ended by itself is loaded again", async () => {
    const { pool, log, state } = world();
    await pool.use("e1", idOf);
    state.lost.add("e1");
    await pool.use("e1", idOf);
    expect(log).toEqual(["load e1", "load e1"]);
  });

  it("work that throws leaves its model idle", async () => {
    const { pool, log } = world({ memoryBytes: 10 });
    await expect(pool.use("e1", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await pool.use("e2", idOf);
    expect(log).toEqual(["load e1", "close e1", "load e2"]);
  });

  it("preloads what is here, and one that fails stops none of the others", async () => {
    const { pool, log, state } = world();
    state.fail.add("e1");
    const outcomes = await pool.preload(["e1", "e2", "e12"]);
    expect(outcomes.map(({ id, error }) => [id, error?.code])).toEqual([
      ["e1", "embed.load_failed"],
      ["e2", undefined],
      ["e12", undefined],
    ]);
    expect(log).toEqual(["load e1", "load e2"]);
  });

  it("says which models are here, loaded, and on what", async () => {
    const { pool } = world();
    await pool.use("e1", idOf);
    const states = await pool.states();
    expect(states).toHaveLength(13);
    expect(states.find(({ id }) => id === "e1")).toMatchObject({
      present: true,
      loaded: true,
      device: "cpu",
      bytes: 10,
    });
    expect(states.find(({ id }) => id === "e2")).toMatchObject({ present: true, loaded: false });
    expect(states.find(({ id }) => id === "e12")).toMatchObject({ present: false, loaded: false });
  });

  it("tells how long a swap took and what went for it", async () => {
    const events: unknown[] = [];
    const { pool } = world({ memoryBytes: 10, onLoad: (event) => events.push(event) });
    await pool.use("e1", idOf);
    await pool.use("e2", idOf);
    expect(events).toMatchObject([
      { id: "e1", unloaded: [] },
      { id: "e2", unloaded: ["e1"], bytes: 10, device: "cpu" },
    ]);
  });

  it("closing waits for the work, unloads all and takes no more", async () => {
    const { pool, log } = world();
    let done = false;
    const work = pool.use("e1", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      done = true;
    });
    await pool.close();
    expect(done).toBe(true);
    await work;
    expect(log).toEqual(["load e1", "close e1"]);
    expect(await codeOf(pool.use("e1", idOf))).toBe("overload.shed");
  });

  it("an unknown model is embed.model_unknown", async () => {
    expect(await codeOf(world().pool.use("e99", idOf))).toBe("embed.model_unknown");
  });
});
