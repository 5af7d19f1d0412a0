import { EVERYTHING, NexusError, silent, systemClock, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { createVectorIndex } from "@nexus/index";
import { describe, expect, it } from "vitest";
import type { Finding, SearchContext, Source } from "../sources/source.ts";
import { gather } from "./gather.ts";

const [scope] = systemScopes("test", ["a"]) as [TenantScope];
const index = createVectorIndex();
const context: SearchContext = {
  scope,
  vectors: {
    search: async (_scope, query) => index.search(query),
    terms: async (_scope, ids) => index.terms(ids),
    describe: async () => index.describe(),
  },
  filter: EVERYTHING,
  dense: { name: "hashing", values: new Float32Array(4) },
  sparse: { ids: new Uint32Array(), weights: new Float32Array() },
  limits: { dense: 1, sparse: 1, session: 1, beside: 1, graph: 1, hops: 1 },
};
const FOUND: Finding = { evidence: [] };

function source(name: Source["name"], timeoutMs: number, find: () => Promise<Finding>): Source {
  return { name, timeoutMs, find };
}
const quick = (name: Source["name"]): Source => source(name, 20, async () => FOUND);
const hanging = (name: Source["name"], timeoutMs: number): Source =>
  source(name, timeoutMs, () => new Promise<never>(() => undefined));
const run = (sources: readonly Source[], deadlineMs = 5_000) =>
  gather(sources, context, { deadlineMs, clock: systemClock, telemetry: silent });

describe("sources asked at once", () => {
  it("all answer", async () => {
    const { findings, skipped } = await run([quick("dense"), quick("sparse"), quick("session")]);
    expect([...findings.keys()]).toEqual(["dense", "sparse", "session"]);
    expect(skipped).toEqual([]);
  });

  it("a source beyond its own time-out is named, and the others' answers are kept", async () => {
    const { findings, skipped } = await run([quick("sparse"), hanging("dense", 10)]);
    expect([...findings.keys()]).toEqual(["sparse"]);
    expect(skipped).toEqual([{ source: "dense", reason: "deadline", elapsedMs: expect.any(Number) as number }]);
  });

  it("none waits longer than the deadline, whatever its own time-out", async () => {
    const { findings, skipped } = await run([hanging("dense", 60_000), hanging("sparse", 60_000)], 10);
    expect(findings.size).toBe(0);
    expect(skipped.map(({ source: name, reason }) => [name, reason])).toEqual([
      ["dense", "deadline"],
      ["sparse", "deadline"],
    ]);
  });

  it("a source that fails is named with its code, at once or late", async () => {
    const away = new NexusError("store.unavailable", "x");
    const { findings, skipped } = await run([
      quick("sparse"),
      source("dense", 20, () => Promise.reject(away)),
      source("session", 20, () => Promise.reject(new Error("bug"))),
    ]);
    expect([...findings.keys()]).toEqual(["sparse"]);
    expect(skipped.map(({ source: name, reason, code }) => [name, reason, code])).toEqual([
      ["dense", "error", "store.unavailable"],
      ["session", "error", "internal.unexpected"],
    ]);
  });

  it("a source that fails after its time-out harms nobody", async () => {
    const { promise, reject } = Promise.withResolvers<Finding>();
    const { skipped } = await run([source("dense", 5, () => promise), quick("sparse")]);
    reject(new Error("too late to matter"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(skipped.map(({ reason }) => reason)).toEqual(["deadline"]);
  });
});
