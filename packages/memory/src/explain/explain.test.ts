import { parseFilter } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { openWorld, recallRequest, type Tenant } from "../../../../test/support/memory-world.ts";
import type { RecallRequest } from "../requests.ts";
import type { ExplainRequest, Explanation } from "./explain-service.ts";

const DAY_MS = 86_400_000;
const world = await openWorld();
const { clock } = world;
const ago = (days: number): Date => new Date(clock.now() - days * DAY_MS);

/** Sources have real time to answer in, which a busy machine may not give them. */
async function why(tenant: Tenant, request: Partial<ExplainRequest> & { memoryId: string }): Promise<Explanation> {
  const explanation = await tenant.memory.explain(tenant.scope, { tenantWide: false, ...request });
  return { ...explanation, reasons: explanation.reasons.filter(({ code }) => code !== "sourceSkipped") };
}
const whyNow = (tenant: Tenant, memoryId: string, query: string, fields: Partial<RecallRequest> = {}) =>
  why(tenant, { memoryId, search: recallRequest(query, fields) });
const codesOf = ({ reasons }: Explanation): string[] => reasons.map(({ code }) => code);

/** Two memories of the mill, one that speaks of nothing like it. */
async function told() {
  const tenant = world.tenant();
  const heron = await tenant.tell("the heron nests by the mill", { speaker: "Ben" });
  const miller = await tenant.tell("the mill was sold");
  const other = await tenant.tell("somebody painted a door");
  clock.advance(1_000);
  return { tenant, heron, miller, other };
}

describe("an explanation of a memory in the answer", () => {
  it("tells its rank, score and factors as they were answered, its sources and the words that match", async () => {
    const { tenant, heron } = await told();
    const { queryId, results } = await tenant.ask("where does the heron nest?");
    const explanation = await why(tenant, { memoryId: heron, queryId });
    expect(explanation).toMatchObject({
      included: true,
      rank: 1,
      score: results[0]?.score,
      confidence: results[0]?.confidence,
      factors: results[0]?.factors,
      sources: results[0]?.sources,
      reasons: [],
      accuracyTier: "hot",
    });
    expect(explanation.explanation).toContain("heron");
    expect(Object.values(explanation.weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
    expect(explanation.evidence.terms).toEqual(
      expect.arrayContaining([
        { term: "heron", spans: [{ start: 4, end: 9 }] },
        { term: "nest", spans: [{ start: 10, end: 15 }] },
      ]),
    );
  });

  it("names turns beside it that match, and the entities that the query names", async () => {
    const tenant = world.tenant();
    const asked = await tenant.tell("Where shall we go in May?", { sessionId: "s", createdAt: ago(2) });
    const said = await tenant.tell("To Lisbon!", { sessionId: "s", createdAt: ago(1) });
    const { evidence } = await whyNow(tenant, said, "Where do they go, Lisbon in May?");
    expect(evidence.neighbours).toEqual([{ id: asked, offset: -1, terms: expect.arrayContaining(["may"]) as unknown }]);
    expect(evidence.entities.map(({ name }) => name)).toEqual(["Lisbon"]);
  });

  it("holds for an answer whose memory has changed since", async () => {
    const { tenant, heron } = await told();
    const { queryId } = await tenant.ask("heron");
    await tenant.memory.patch(tenant.writer, heron, { content: "the swan left" }, {});
    expect(await why(tenant, { memoryId: heron, queryId })).toMatchObject({ included: true, rank: 1, reasons: [] });
  });
});

describe("why not", () => {
  it("below the cut: rank and score, how many were shown, and the weakest of them", async () => {
    const { tenant, heron, miller } = await told();
    const { queryId, results } = await tenant.ask("heron by the mill", { k: 1 });
    expect(results[0]?.memory.id).toBe(heron);
    const explanation = await why(tenant, { memoryId: miller, queryId });
    expect(explanation).toMatchObject({ included: false, rank: 2 });
    expect(explanation.reasons).toMatchObject([
      { code: "belowCut", rank: 2, score: explanation.score, cut: 1, weakest: results[0]?.score },
    ]);
    expect(explanation.explanation).toMatch(/^It ranks 2 with a score of 0\.\d{3}; the answer ended after 1, /);
  });

  it("below the score that was asked for", async () => {
    const { tenant, miller } = await told();
    const explanation = await whyNow(tenant, miller, "heron by the mill", { minScore: 0.999 });
    expect(explanation.reasons).toMatchObject([{ code: "belowMinScore", score: explanation.score, minScore: 0.999 }]);
  });

  it("filtered: each condition that it does not fit, the scope among them, and no other", async () => {
    const { tenant, heron } = await told();
    const filter = parseFilter({
      "metadata.topic": "birds",
      createdAt: { gte: "2020-01-01", lt: "2021-01-01" },
      or: [{ speaker: "Ana" }, { speaker: { exists: false } }],
      not: { speaker: "Ben" },
    });
    const explanation = await whyNow(tenant, heron, "heron", { filter, userId: "ben" });
    expect(explanation.reasons.map((reason) => "clause" in reason && reason.clause)).toEqual([
      'userId eq "ben"',
      'metadata.topic eq "birds"',
      'createdAt lt "2021-01-01T00:00:00.000Z"',
      '(speaker eq "Ana" or speaker exists false)',
      'not speaker eq "Ben"',
    ]);
  });

  it("not valid at the moment asked about: before it held, and after", async () => {
    const { tenant } = await told();
    const fact = await tenant.tell("the mill stood", { validFrom: ago(20), validTo: ago(10) });
    expect(codesOf(await whyNow(tenant, fact, "mill", { asOf: ago(30) }))).toEqual(["notValidAt"]);
    expect(codesOf(await whyNow(tenant, fact, "mill", { asOf: ago(5) }))).toEqual(["notValidAt"]);
    expect(await whyNow(tenant, fact, "mill stood", { asOf: ago(15) })).toMatchObject({ included: true, reasons: [] });
  });

  it("invalidated, with the reason that was given", async () => {
    const { tenant, heron } = await told();
    await tenant.memory.invalidate(tenant.writer, heron, { reason: "it was a stork" }, {});
    const { reasons } = await whyNow(tenant, heron, "heron");
    expect(reasons).toMatchObject([
      { code: "notValidAt", sentence: "It was declared no longer valid: it was a stork." },
    ]);
  });

  it("expired, while the row is still there", async () => {
    const tenant = world.tenant();
    const expiresAt = new Date(clock.now() + 1_000);
    const id = await tenant.tell("the heron is here until noon", { expiresAt });
    clock.advance(2_000);
    expect((await whyNow(tenant, id, "heron")).reasons).toMatchObject([{ code: "expired", at: expiresAt }]);
  });

  it("superseded: by which memory, behind what decided", async () => {
    const tenant = world.tenant();
    const old = await tenant.tell("I live in Lisbon", { speaker: "Ana", createdAt: ago(40) });
    const present = await tenant.tell("I live in Porto now", { speaker: "Ana", createdAt: ago(20) });
    const { reasons, evidence } = await whyNow(tenant, old, "where does Ana live?", { k: 1 });
    expect(reasons).toMatchObject([{ code: "belowCut" }, { code: "supersededBy", id: present }]);
    expect(evidence.replacedBy).toEqual([{ id: present, type: "supersedes" }]);
  });

  it("merged into another memory", async () => {
    const tenant = world.tenant();
    const text = "the heron nests by the old lock behind the mill, as it has done every spring since the flood";
    const first = await tenant.tell(`${text}.`, { speaker: "Ana" });
    clock.advance(1_000);
    const second = await tenant.tell(`${text}!`, { speaker: "Ana" });
    expect((await tenant.row(first))?.status).toBe("merged");
    expect((await whyNow(tenant, first, "heron")).reasons).toMatchObject([{ code: "duplicateOf", id: second }]);
  });

  it("written after the answer was given", async () => {
    const { tenant } = await told();
    const { queryId } = await tenant.ask("mill");
    clock.advance(1_000);
    const late = await tenant.tell("the mill has a new owner");
    const { reasons } = await why(tenant, { memoryId: late, queryId });
    expect(reasons).toMatchObject([
      { code: "notFound", sentence: "It was remembered or changed after the answer was given." },
    ]);
  });
});

describe("an explanation is refused", () => {
  it("for a memory or an answer that is not there, or is another tenant's", async () => {
    const { tenant, heron } = await told();
    const { queryId } = await tenant.ask("heron");
    const stranger = world.tenant();
    await expect(whyNow(stranger, heron, "heron")).rejects.toMatchObject({ code: "memory.not_found" });
    await expect(why(stranger, { memoryId: heron, queryId })).rejects.toMatchObject({ code: "query.not_found" });
    await expect(why(tenant, { memoryId: heron, queryId: `${queryId}x` })).rejects.toMatchObject({
      code: "query.not_found",
    });
    await tenant.memory.forget(tenant.writer, heron);
    await expect(why(tenant, { memoryId: heron, queryId })).rejects.toMatchObject({ code: "memory.not_found" });
  });

  it("to a token of another user, for the answer as for the memory", async () => {
    const { tenant, heron } = await told();
    const { queryId } = await tenant.ask("heron");
    const ben = { userId: "ben" };
    await expect(why(tenant, { memoryId: heron, queryId, subject: ben })).rejects.toMatchObject({
      code: "query.not_found",
    });
    const search = recallRequest("heron", { userId: "ben" });
    await expect(why(tenant, { memoryId: heron, search, subject: ben })).rejects.toMatchObject({
      code: "memory.not_found",
    });
    const own = await why(tenant, { memoryId: heron, queryId, subject: { userId: "ana" } });
    expect(own.included).toBe(true);
  });

  it("of an answer to the whole tenant to a key that may not ask such a thing", async () => {
    const { tenant, heron } = await told();
    const { queryId } = await tenant.ask("heron", { userId: undefined });
    await expect(why(tenant, { memoryId: heron, queryId })).rejects.toMatchObject({ code: "query.not_found" });
    expect((await why(tenant, { memoryId: heron, queryId, tenantWide: true })).included).toBe(true);
  });
});
