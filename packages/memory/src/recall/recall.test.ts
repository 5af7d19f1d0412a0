import { encodeToken, equals, NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld, UNAVAILABLE, type VectorCall } from "../../../../test/support/memory-world.ts";

const world = await openWorld();
const { clock, interfere } = world;
const HOUR_MS = 3_600_000;

/** Calls of one kind: by vector, by words, or whether turns ask something. */
const kindOf = ({ method, query }: VectorCall): string => {
  if (method !== "search" || !query) return method;
  if ("dense" in query.by) return "dense";
  return query.beside === 0 ? "asking" : "words";
};
/** The sources that a kind of call is made for. */
const CALLERS: readonly (readonly [string, readonly string[]])[] = [
  ["dense", ["dense"]],
  ["words", ["sparse", "session"]],
  ["asking", ["session"]],
];
const hang = (): Promise<never> => new Promise(() => undefined);

describe("a source that", () => {
  it.each(CALLERS)("hangs (%s) is named in skipped, and the others answer in time", async (kind, names) => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill", { sessionId: "s" });
    await tenant.tell("the miller is called Ife", { sessionId: "s" });
    let asked = 0;
    interfere.vectors = (call) => {
      if (kindOf(call) !== kind) return undefined;
      asked++;
      return hang();
    };
    const { results, skipped } = await tenant.ask("heron", { mode: "fast" });
    expect(results.map(({ memory }) => memory.content)).toContain("the heron nests by the mill");
    expect(skipped).toMatchObject(names.map((source) => ({ source, reason: "deadline" })));
    // Not asked a second time for what the others found.
    expect(asked).toBe(1);
  });

  it.each(CALLERS)("fails (%s) is named with its code, and the others answer", async (kind, names) => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    interfere.vectors = (call) => {
      if (kindOf(call) === kind) throw UNAVAILABLE;
    };
    const { results, skipped } = await tenant.ask("heron", { mode: "fast" });
    expect(results).toHaveLength(1);
    const failed = { reason: "error", code: "store.unavailable" };
    expect(skipped).toMatchObject(names.map((source) => ({ source, ...failed })));
  });

  it("hangs when asked to complete what the others found is named too", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    await tenant.tell("quite unrelated words");
    interfere.vectors = ({ query }) => (query?.among ? hang() : undefined);
    const { results, skipped } = await tenant.ask("heron", { mode: "fast" });
    expect(results.length).toBeGreaterThan(0);
    expect(skipped.length).toBeGreaterThan(0);
    expect(skipped.every(({ reason }) => reason === "deadline")).toBe(true);
  });

  it("does not answer leaves the answer uncached", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    interfere.vectors = (call) => (kindOf(call) === "dense" ? hang() : undefined);
    await tenant.ask("heron");
    delete interfere.vectors;
    expect(await tenant.ask("heron")).toMatchObject({ cache: { tier: null }, skipped: [] });
  });
});

describe("when the vector store", () => {
  it("answers no search, the error is search.deadline and names every source", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    interfere.vectors = ({ method }) => (method === "search" ? hang() : undefined);
    await expect(tenant.ask("heron")).rejects.toMatchObject({
      code: "search.deadline",
      retryable: true,
      message: expect.stringMatching(
        /(?=.*dense \(deadline\))(?=.*sparse \(deadline\))(?=.*session \(deadline\))/,
      ) as string,
    });
  });

  it("is away altogether, the error is its own, and the next read works again", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    interfere.vectors = () => {
      throw UNAVAILABLE;
    };
    await expect(tenant.ask("heron")).rejects.toMatchObject({ code: "store.unavailable" });
    delete interfere.vectors;
    expect(await tenant.find("heron")).toHaveLength(1);
  });
});

describe("results", () => {
  it("are k at most, best first, none below minScore", async () => {
    const tenant = world.tenant();
    await tenant.memory.remember(
      tenant.writer,
      Array.from({ length: 30 }, (_, i) => newMemory(`heron ${i} ${"and more ".repeat(i)}`, { externalId: `${i}` })),
    );
    const { results } = await tenant.ask("heron", { k: 30 });
    const scores = results.map(({ score }) => score);
    expect(scores).toHaveLength(30);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(await tenant.find("heron", { k: 7 })).toEqual(results.slice(0, 7).map(({ memory }) => memory.content));
    const cut = scores[9] ?? 0;
    expect((await tenant.ask("heron", { k: 30, minScore: cut })).results).toHaveLength(10);
    expect((await tenant.ask("heron", { k: 30, minScore: 1 })).results.every(({ score }) => score === 1)).toBe(true);
  });

  it("make up for expired ones among the best: k = 5 of 20, the best 10 of them gone", async () => {
    const tenant = world.tenant();
    const expiresAt = new Date(clock.now() + 1_000);
    for (let i = 0; i < 10; i++) await tenant.tell(`heron ${i}`, { expiresAt });
    for (let i = 0; i < 10; i++)
      await tenant.tell(`a heron seen from far away, number ${i}, in the fog of the morning`);
    expect((await tenant.find("heron", { k: 5 })).every((content) => content.startsWith("heron"))).toBe(true);
    clock.advance(1_000);
    expect((await tenant.find("heron", { k: 5 })).map((content) => content.slice(0, 7))).toEqual(
      Array(5).fill("a heron"),
    );
  });

  it("are those of the scope: user, agent and session narrow a search", async () => {
    const tenant = world.tenant();
    await tenant.tell("heron one", { agentId: "g", sessionId: "s" });
    await tenant.tell("heron two", { agentId: "h", sessionId: "s" });
    await tenant.tell("heron three", { userId: "ben", agentId: "g", sessionId: "s" });
    await tenant.tell("heron four", { userId: undefined });
    const found = async (fields: object): Promise<string[]> => (await tenant.find("heron", fields)).toSorted();
    expect(await found({})).toEqual(["heron one", "heron two"]);
    expect(await found({ agentId: "g" })).toEqual(["heron one"]);
    expect(await found({ sessionId: "s" })).toEqual(["heron one", "heron two"]);
    expect(await found({ sessionId: "t" })).toEqual([]);
    expect(await found({ userId: undefined })).toHaveLength(4);
    expect(await found({ filter: equals("agentId", "h") })).toEqual(["heron two"]);
  });

  it("as of a moment are those valid then, ages counted from then", async () => {
    const tenant = world.tenant();
    const at = (hours: number): Date => new Date(clock.now() + hours * HOUR_MS);
    await tenant.tell("Ana lives in Lisbon", { createdAt: at(-30), validTo: at(-10) });
    await tenant.tell("Ana lives in Porto", { createdAt: at(-1), validFrom: at(-10) });
    expect(await tenant.find("where does Ana live", { asOf: at(-31) })).toEqual([]);
    expect(await tenant.find("where does Ana live", { asOf: at(-20) })).toEqual(["Ana lives in Lisbon"]);
    expect(await tenant.find("where does Ana live", { asOf: at(-10) })).toEqual(["Ana lives in Porto"]);
    const now = await tenant.ask("where does Ana live");
    expect(now.results.map(({ memory }) => memory.content)).toEqual(["Ana lives in Porto", "Ana lives in Lisbon"]);
    expect(now.results[1]?.factors.recency).toBe(0);
    expect(now.results[1]?.explanation).toContain("no longer valid since");
    expect((await tenant.ask("where does Ana live", { asOf: at(-10) })).results[0]?.factors.recency).toBe(1);
  });

  it("have spans into the chunk that matches, in a text of several chunks too", async () => {
    const tenant = world.tenant();
    const content = Array.from(
      { length: 12 },
      (_, i) => `${`Plain words go on in part ${i}. `.repeat(60)}beacon${i}q`,
    ).join("\n\n");
    await tenant.tell(content);
    const { results } = await tenant.ask("beacon9q");
    expect(results[0]?.spans.map(({ start, end }) => content.slice(start, end))).toEqual(["beacon9q"]);
  });

  it("are empty, with confidence 0, where nothing was told, and for a query without words", async () => {
    const tenant = world.tenant();
    expect(await tenant.ask("heron")).toMatchObject({ results: [], confidence: 0, skipped: [] });
    await tenant.tell("the heron nests by the mill");
    expect(await tenant.ask("")).toMatchObject({ results: [], confidence: 0, skipped: [] });
    expect(await tenant.ask("?!")).toMatchObject({ results: [], confidence: 0 });
  });
});

describe("the path", () => {
  it("escalates one step while confidence is below the floor, and says so", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    const sure = await tenant.ask("heron mill", { minConfidence: 0 });
    expect(sure).toMatchObject({ path: "smart", escalations: [{ from: "cache_only", to: "smart", before: 0 }] });
    const unsure = await tenant.ask("heron mill", { minConfidence: 1 });
    expect(unsure).toMatchObject({ path: "full", escalations: [{ to: "smart" }, { from: "smart", to: "full" }] });
    expect((await tenant.ask("heron mill", { minConfidence: 1, mode: "fast" })).path).toBe("smart");
    expect(await tenant.ask("heron mill", { mode: "maxAccuracy" })).toMatchObject({
      path: "maximum",
      analysis: { capped: false },
    });
  });

  it("does not escalate once half of the budget is spent, and keeps no such answer for others", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    interfere.vectors = ({ method }) => {
      if (method === "terms") clock.advance(60);
    };
    expect((await tenant.ask("heron", { minConfidence: 1, budgetMs: 100 })).path).toBe("smart");
    expect((await tenant.ask("heron", { minConfidence: 1, budgetMs: 300 })).path).toBe("full");
  });

  it("names the weights only when asked to explain", async () => {
    const tenant = world.tenant();
    expect((await tenant.ask("heron")).weights).toBeUndefined();
    expect((await tenant.ask("heron", { explain: true })).weights).toEqual(world.dependencies.settings.fusion.weights);
  });
});

describe("the same question asked at once", () => {
  it("is searched for once, and every answer has its own id", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    let searches = 0;
    interfere.vectors = (call) => {
      if (kindOf(call) === "words" && !call.query?.among) searches++;
    };
    const answers = await Promise.all(Array.from({ length: 8 }, () => tenant.ask("heron", { mode: "fast" })));
    expect(searches).toBe(1);
    expect(new Set(answers.map(({ queryId }) => queryId)).size).toBe(8);
  });

  it("is not spoilt by one who gives up, nor by one with less time", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    const controller = new AbortController();
    const leaving = tenant.ask("heron", { signal: controller.signal });
    const staying = tenant.ask("heron");
    controller.abort(new Error("gone"));
    await expect(leaving).rejects.toThrow("gone");
    expect((await staying).results).toHaveLength(1);
    interfere.vectors = async (call) => {
      if (kindOf(call) === "words") await new Promise((resolve) => setTimeout(resolve, 4));
    };
    const [hasty, patient] = await Promise.all([
      tenant.ask("the mill", { budgetMs: 1, mode: "fast" }),
      tenant.ask("the mill", { mode: "fast" }),
    ]);
    expect(hasty.skipped.map(({ source }) => source)).toContain("sparse");
    expect(patient.skipped).toEqual([]);
  });
});

describe("a consistency token", () => {
  const sign = world.dependencies.signers[0];
  it("that names what is there is satisfied; one of another user does not hold the reader up", async () => {
    const tenant = world.tenant();
    const { seqs } = await tenant.memory.remember(tenant.writer, [newMemory("the heron nests by the mill")]);
    const consistency = tenant.memory.token(tenant.scope, seqs) ?? "";
    expect(await tenant.find("heron", { consistency })).toHaveLength(1);
    const foreign = encodeToken(tenant.scope.tenant, [{ partition: "ben", seq: 99 }], sign);
    expect(await tenant.find("heron", { consistency: foreign, budgetMs: 50 })).toHaveLength(1);
    expect(tenant.memory.token(tenant.scope, [])).toBeNull();
  });

  it("that names what is not there in time is consistency.timeout, and waited for when it comes", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    const consistency = encodeToken(tenant.scope.tenant, [{ partition: "ana", seq: 2 }], sign);
    await expect(tenant.ask("heron", { consistency, budgetMs: 30 })).rejects.toMatchObject({
      code: "consistency.timeout",
      retryable: true,
    });
    const waiting = tenant.find("heron", { consistency, budgetMs: 5_000 });
    await tenant.tell("another heron");
    expect(await waiting).toHaveLength(2);
  });

  it("that was forged is consistency.invalid before anything is read", async () => {
    const tenant = world.tenant();
    const consistency = encodeToken("someone-else", [{ partition: "ana", seq: 1 }], sign);
    interfere.vectors = () => {
      throw new NexusError("internal.unexpected", "was asked");
    };
    await expect(tenant.ask("heron", { consistency })).rejects.toMatchObject({ code: "consistency.invalid" });
  });
});
