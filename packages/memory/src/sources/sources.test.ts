import { EVERYTHING, type PointPayload, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { createVectorIndex } from "@nexus/index";
import { documentVector, queryTerms } from "@nexus/text";
import { describe, expect, it } from "vitest";
import { weigh } from "../recall/plan.ts";
import { cueBits } from "./cues.ts";
import { graphSource } from "./graph.ts";
import { sessionSource } from "./session.ts";
import type { Finding, SearchContext, Source } from "./source.ts";
import { sparseSource } from "./sparse.ts";

const [scope] = systemScopes("test", ["t"]) as [TenantScope];
const LIMITS = { dense: 10, sparse: 10, session: 10, beside: 10, graph: 10, hops: 1 } as const;

interface Turn {
  readonly text: string;
  readonly entities?: readonly string[];
}

/** Turns of one session, their ids "0", "1", … */
function searched(turns: readonly Turn[]) {
  const index = createVectorIndex();
  index.upsert(
    turns.map(({ text, entities }, i) => {
      const times = { createdAt: i, recordedAt: i, updatedAt: i };
      const known = { id: String(i), sessionId: "s", language: "en", ...times, metadata: {}, addedSeq: i, version: 1 };
      const payload: PointPayload = { ...known, entities };
      const sparse = documentVector(text, { language: "en", entities });
      return { pointId: `p${i}`, chunkIndex: 0, vectors: {}, sparse, payload };
    }),
  );
  const vectors: SearchContext["vectors"] = {
    search: async (_scope, query) => index.search(query),
    terms: async (_scope, ids) => index.terms(ids),
    describe: async () => index.describe(),
  };
  return async (source: Source, query: string, about: Partial<SearchContext> = {}): Promise<Finding> => {
    const terms = queryTerms(query);
    const ids = Uint32Array.from(terms, ({ id }) => id);
    const { sparse } = weigh(terms, await vectors.terms(scope, ids));
    const dense = { name: "none", values: new Float32Array(1) };
    return await source.find({ scope, vectors, filter: EVERYTHING, dense, sparse, limits: LIMITS, ...about });
  };
}

const idsOf = ({ evidence }: Finding): string[] => evidence.map(({ payload }) => payload.id);

describe("source sparse", () => {
  it("finds what shares a word with the query, stems counting", async () => {
    const find = searched([{ text: "Where are the herons?" }, { text: "No bird at all" }]);
    expect(idsOf(await find(sparseSource, "heron"))).toEqual(["0"]);
  });

  it("tells the cues of memories that it is asked about, whether they match or not", async () => {
    const find = searched([{ text: "The heron left 3 days ago" }, { text: "Is it?" }]);
    const { evidence } = await find(sparseSource, "heron", { among: ["0", "1"] });
    expect(evidence).toMatchObject([
      { payload: { id: "0" }, cues: cueBits(["time", "number"]) },
      { payload: { id: "1" }, bm25: 0, cues: cueBits(["question"]) },
    ]);
  });
});

describe("source session", () => {
  const find = searched([
    { text: "Which bird nests by the mill?" },
    { text: "A heron, I think" },
    { text: "We had tea" },
    { text: "The rest is silence" },
    { text: "The weather was fine" },
  ]);

  it("brings the two turns on either side of a match, the nearest first", async () => {
    const finding = await find(sessionSource, "mill bird");
    expect(idsOf(finding)).toEqual(["1", "2"]);
    const scores = ["0", "1", "2"].map((id) => finding.beside?.get(id) ?? 0);
    expect(scores.map((score) => score / (scores[0] ?? 1))).toEqual([1, expect.closeTo(0.7), expect.closeTo(0.49)]);
  });

  it("knows which turn answers a question that matches", async () => {
    const { evidence } = await find(sessionSource, "mill bird");
    expect(evidence.map(({ answers = 0 }) => answers > 0)).toEqual([true, false]);
  });

  it("adds up what different turns say of the query", async () => {
    const { beside } = await find(sessionSource, "mill tea");
    expect(beside?.get("1") ?? 0).toBeGreaterThan(beside?.get("3") ?? 0);
  });
});

describe("source graph", () => {
  const find = searched([
    { text: "Ada lives in Annecy", entities: ["ada", "annecy"] },
    { text: "The lake of Annecy is cold", entities: ["annecy"] },
    { text: "Ada rows every day", entities: ["ada"] },
    { text: "Nothing here" },
  ]);

  it("finds what mentions a name of the query, and says which", async () => {
    const { evidence } = await find(graphSource, "", { names: ["annecy", "not known"] });
    expect(new Map(evidence.map(({ payload, link }) => [payload.id, link]))).toEqual(
      new Map([
        ["0", "annecy"],
        ["1", "annecy"],
      ]),
    );
  });

  it("finds in two hops what shares another name with these, with an activation, which the first hop has not", async () => {
    const { evidence } = await find(graphSource, "", { names: ["annecy"], limits: { ...LIMITS, hops: 2 } });
    expect(new Map(evidence.map(({ payload, link, graph = 0 }) => [payload.id, [link, graph > 0]]))).toEqual(
      new Map([
        ["0", ["annecy", false]],
        ["1", ["annecy", false]],
        ["2", ["ada", true]],
      ]),
    );
    for (const { graph = 0 } of evidence) expect(graph).toBeLessThanOrEqual(0.5 / Math.log(Math.E + 1));
  });

  it("finds nothing for a query that names nothing known", async () => {
    expect(idsOf(await find(graphSource, "", { names: ["oslo"] }))).toEqual([]);
    expect(idsOf(await find(graphSource, ""))).toEqual([]);
  });
});
