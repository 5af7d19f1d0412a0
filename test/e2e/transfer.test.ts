/** All out of one tenant and into another: the same memories, in the same state, that give the same answers. */

import { describe, expect, it } from "vitest";
import { type Api, type JobAnswer, listAll, type RememberAnswer, type SearchAnswer } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";

const { a, b } = await openApp("transfer");

const NDJSON = { "content-type": "application/x-ndjson" };

interface Report {
  readonly imported: number;
  readonly unchanged: number;
  readonly failed: readonly { readonly line: number; readonly code: string; readonly detail: string }[];
  readonly total: number;
}

type Line = Record<string, unknown> & { readonly type: string };

async function exported(api: Api, body: object = {}): Promise<{ text: string; lines: Line[] }> {
  const answer = await api<string>("POST", "/api/export", body);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
  // The answer's type is no JSON, so that its text comes as it is.
  const text = answer.body;
  return {
    text,
    lines: text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line),
  };
}

const imported = async (api: Api, text: string, query = "") =>
  (await api<Report>("POST", `/api/import${query}`, text, NDJSON)).body;

/** What an import must not change. */
const kept = [
  "id",
  "externalId",
  "content",
  "userId",
  "agentId",
  "sessionId",
  "speaker",
  "createdAt",
  "recordedAt",
  "updatedAt",
  "validFrom",
  "validTo",
  "expiresAt",
  "metadata",
  "entities",
  "language",
] as const;

const memoriesOf = async (api: Api) =>
  (await listAll(api, { includeSuperseded: true }))
    .map((memory) =>
      Object.fromEntries(kept.map((field) => [field, (memory as unknown as Record<string, unknown>)[field]])),
    )
    .toSorted((left, right) => (String(left["id"]) < String(right["id"]) ? -1 : 1));

/** An entity is called as the first memory that was taken in calls it, and the others call it by its aliases. */
const namesOf = ({ type, name, aliases }: Line): object =>
  type === "entity" ? { name: "", aliases: [name, ...(aliases as string[])].map(String).toSorted() } : {};

const QUERIES = ["Where does Ana live?", "allergic", "the trip to Lisbon", "Who has a dog?", "Zürich 🚲"];

const answersOf = async (api: Api) => {
  const answers = [];
  for (const userId of ["ana", "ben"]) {
    for (const query of QUERIES) {
      const { body } = await api<SearchAnswer>("POST", "/api/search", { query, userId, k: 5 });
      answers.push(body.results.map(({ id, memory, score, spans }) => ({ id, memory, score, spans })));
    }
  }
  return answers;
};

const written = await a<RememberAnswer>("POST", "/api/memories", {
  memories: [
    { userId: "ana", content: "I live in Porto.", speaker: "Ana", createdAt: "2026-01-05T10:00:00Z" },
    { userId: "ana", content: "I live in Zürich now 🚲", speaker: "Ana", createdAt: "2026-03-05T10:00:00Z" },
    {
      userId: "ana",
      content: "I am allergic to nuts",
      sessionId: "s1",
      agentId: "a1",
      metadata: { topic: ["health", { deep: null }] },
    },
    {
      userId: "ana",
      content: "The trip to Lisbon begins on Monday",
      externalId: "trip",
      validFrom: "2026-02-01",
      validTo: "2026-05-01",
    },
    { userId: "ben", content: "Ben has a dog called Rex", expiresAt: "2099-01-01" },
    { userId: "ben", content: 'line one\nline two\u2028and "three"' },
    { content: "of nobody in particular" },
    ...Array.from({ length: 60 }, (_, i) => ({
      userId: i % 2 ? "ana" : "ben",
      content: `note ${i} about the ${["heron", "kettle", "orchard"][i % 3]}`,
    })),
  ],
});
const ids = written.body.results.map(({ id }) => id);
await a("POST", `/api/memories/${ids[6]}/invalidate`, { reason: "said in error" });
await a("PATCH", `/api/memories/${ids[5]}`, { metadata: { changed: true } });
const asked = await a<{ queryId: string; results: { id: string }[] }>("POST", "/api/search", {
  query: "allergic",
  userId: "ana",
});
await a("POST", "/api/feedback", { queryId: asked.body.queryId, memoryId: asked.body.results[0]?.id, rating: "up" });
const { text, lines } = await exported(a);

describe("an export", () => {
  it("begins with what it is, ends with its counts, and says each memory once", async () => {
    expect(lines[0]).toMatchObject({ type: "export", format: "memory-nexus", version: 1, userId: null });
    const end = lines.at(-1) as unknown as { type: string; counts: Record<string, number> };
    const counted = Object.fromEntries(
      ["memory", "entity", "relation", "reference", "feedback"].map((type) => [
        type,
        lines.filter((line) => line.type === type).length,
      ]),
    );
    expect(end).toEqual({ type: "end", counts: counted });
    expect(counted["memory"]).toBe((await memoriesOf(a)).length);
    expect(counted["feedback"]).toBe(1);
    expect(counted["entity"]).toBeGreaterThan(0);
  });

  it("of one user holds nothing of another", async () => {
    const own = await exported(a, { userId: "ben" });
    const users = new Set(own.lines.slice(1, -1).map(({ userId }) => userId));
    expect(users).toEqual(new Set(["ben"]));
    const all = lines.filter(({ type, userId }) => type === "memory" && userId === "ben");
    expect(own.lines.filter(({ type }) => type === "memory")).toHaveLength(all.length);
  });

  it("is compressed for who asks for it, and refused to keys without admin, unknown fields and other users' names", async () => {
    const packed = await a("POST", "/api/export", {}, { "accept-encoding": "gzip" });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect((await a("POST", "/api/export", { user: "x" })).body["code"]).toBe("body.unknown_field");
    expect((await a("POST", "/api/export", { userId: "_" })).body["code"]).toBe("body.invalid");
  });
});

describe("an import of it into an empty tenant", () => {
  it("gives the same memories in the same state, and the same answers", async () => {
    const report = await imported(b, text);
    expect(report).toMatchObject({ unchanged: 0, failed: [] });
    expect(report.imported).toBe(report.total);
    expect(await memoriesOf(b)).toEqual(await memoriesOf(a));
    const [answers, expected] = [await answersOf(b), await answersOf(a)];
    const withoutScores = (lists: typeof answers) =>
      lists.map((list) => list.map(({ id, memory, spans }) => ({ id, memory, spans })));
    expect(withoutScores(answers)).toEqual(withoutScores(expected));
    // A second lies between the two, in which all grow older.
    answers.flat().forEach(({ score }, i) => expect(score).toBeCloseTo(expected.flat()[i]?.score ?? 0, 3));
    const again = await exported(b);
    const comparable = (list: Line[]) =>
      list
        .filter(({ type }) => type !== "export")
        .map((line) => JSON.stringify({ ...line, version: 0, ...namesOf(line) }))
        .toSorted();
    expect(comparable(again.lines)).toEqual(comparable(lines));
  });

  it("changes nothing the second time", async () => {
    const before = await memoriesOf(b);
    expect(await imported(b, text)).toMatchObject({ imported: 0, failed: [] });
    expect(await memoriesOf(b)).toEqual(before);
  });

  it("leaves what was imported open to change, undoing and forgetting", async () => {
    expect((await b("PATCH", `/api/memories/${ids[2]}`, { content: "I am allergic to shellfish" })).status).toBe(200);
    const { body } = await b<SearchAnswer>("POST", "/api/search", { query: "shellfish", userId: "ana" });
    expect(body.results[0]?.id).toBe(ids[2]);
    expect((await b("DELETE", `/api/memories/${ids[3]}`)).status).toBe(200);
    const job = await b<{ job: JobAnswer }>("DELETE", "/api/memories", { confirm: "all" });
    await expect.poll(async () => (await b<JobAnswer>("GET", `/api/jobs/${job.body.job.id}`)).body.status).toBe("done");
    expect(await memoriesOf(b)).toEqual([]);
    const left = await exported(b);
    expect(left.lines.map(({ type }) => type).filter((type) => type !== "feedback")).toEqual(["export", "end"]);
  });
});
