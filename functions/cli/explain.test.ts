/** `nexus explain` */

import { describe, expect, it } from "vitest";
import { run } from "./cli-fixture.ts";

const ID = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

const left = {
  included: false,
  rank: 12,
  score: 0.31,
  confidence: 0.2,
  sources: ["dense"],
  factors: { semantic: 0.4, keyword: 0.1, recency: 0.5, quality: 0.5, domain: 0.5, preference: 0.5, agreement: 1 },
  weights: { semantic: 0.4, keyword: 0.4, recency: 0.05, quality: 0.05, domain: 0.05, preference: 0.05 },
  agreement: 1,
  explanation: "Close in meaning.",
  reasons: [
    {
      code: "belowCut",
      rank: 12,
      score: 0.31,
      cut: 10,
      weakest: 0.35,
      sentence: "It came 12th; the answer ends with the 10th.",
    },
  ],
  evidence: {
    terms: [{ term: "key", spans: [{ start: 0, end: 3 }] }],
    neighbours: [],
    entities: [{ id: "e1", name: "Ana", type: "person" }],
    replacedBy: [{ id: "m9", type: "supersedes" }],
  },
  accuracyTier: "warm",
};

describe("explain", () => {
  it("prints whether, why, and how the score was made", async () => {
    const sent: unknown[] = [];
    const { code, out } = await run(["explain", "spare", "key", "--id", ID, "-u", "me", "-k", "10"], {
      answer: (path, body) => {
        sent.push(path, body);
        return Response.json(left);
      },
    });
    expect(sent).toEqual(["/api/explain", { query: "spare key", memoryId: ID, userId: "me", k: 10 }]);
    expect(code).toBe(0);
    expect(out).toBe(`It is not in the answer.
Close in meaning.
It came 12th; the answer ends with the 10th.
  score         0.31
  semantic      0.40 × 0.40
  keyword       0.10 × 0.40
  recency       0.50 × 0.05
  quality       0.50 × 0.05
  domain        0.50 × 0.05
  preference    0.50 × 0.05
  agreement     × 1.00
  found by      dense
  words         key
  names         Ana
  supersedes    m9`);
  });

  it("says at which place a memory was, and prints the API's JSON with --json", async () => {
    const found = { ...left, included: true, rank: 1, reasons: [], factors: null, score: null };
    const { out } = await run(["explain", "x", "--id", ID], { answer: () => Response.json(found) });
    expect(out).toMatch(/^It is in the answer as number 1\.\nClose in meaning\.\n/);
    const json = await run(["explain", "x", "--id", ID, "--json"], { answer: () => Response.json(found) });
    expect(JSON.parse(json.out)).toEqual(found);
  });

  it("says the reason that decides once, where it is the explanation too", async () => {
    const sentence = left.reasons[0]?.sentence ?? "";
    const { out } = await run(["explain", "x", "--id", ID], {
      answer: () => Response.json({ ...left, explanation: sentence }),
    });
    expect(out.split("\n").slice(0, 3)).toEqual(["It is not in the answer.", sentence, "  score         0.31"]);
  });

  it("wants a query and a memory", async () => {
    expect((await run(["explain", "x"])).err).toContain("--id is missing");
    expect((await run(["explain", "--id", ID])).err).toContain("the query is missing");
  });
});
