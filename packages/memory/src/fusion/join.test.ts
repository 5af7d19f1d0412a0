import type { PointPayload } from "@nexus/core";
import { describe, expect, it } from "vitest";
import type { SourceName } from "../requests.ts";
import type { Finding } from "../sources/source.ts";
import { complete, completions, join } from "./join.ts";

function payload(id: string, sessionId?: string, userId?: string): PointPayload {
  const times = { createdAt: 0, recordedAt: 0, updatedAt: 0 };
  return { id, sessionId, userId, language: "en", ...times, metadata: {}, addedSeq: 1, version: 1 };
}

const findings = (entries: Partial<Record<SourceName, Finding>>): Map<SourceName, Finding> =>
  new Map(Object.entries(entries) as [SourceName, Finding][]);
const [a, b] = [payload("a", "s"), payload("b")];

describe("candidates", () => {
  it("join what the sources say of one memory, the best of its chunks counting", () => {
    const joined = join(
      findings({
        dense: {
          evidence: [
            { payload: a, cosine: 0.9, chunkIndex: 2 },
            { payload: a, cosine: 0.4, chunkIndex: 1 },
          ],
        },
        sparse: {
          evidence: [
            { payload: b, bm25: 3, chunkIndex: 0 },
            { payload: a, bm25: 2, chunkIndex: 4 },
          ],
        },
        session: {
          evidence: [{ payload: b, answers: 1.5 }],
          sessions: new Map([["\0s", 7]]),
          beside: new Map([["a", 5]]),
        },
      }),
    );
    expect([...joined.keys()]).toEqual(["a", "b"]);
    expect(joined.get("a")).toMatchObject({ cosine: 0.9, bm25: 2, session: 7, beside: 5, answers: 0, chunkIndex: 4 });
    expect(joined.get("b")).toMatchObject({ cosine: 0, bm25: 3, session: 0, beside: 3, answers: 1.5, chunkIndex: 0 });
    expect([...(joined.get("b")?.sources ?? [])]).toEqual(["sparse", "session"]);
  });

  it.each([["dense", "sparse"] as const, ["sparse", "dense"] as const])(
    "point to the chunk that matches best by words, else by vector, when %s answers before %s",
    (...order) => {
      const found: Record<"dense" | "sparse", Finding> = {
        dense: {
          evidence: [
            { payload: a, cosine: 0.9, chunkIndex: 5 },
            { payload: b, cosine: 0.8, chunkIndex: 3 },
            { payload: b, cosine: 0.2, chunkIndex: 9 },
            { payload: a, cosine: 0.1, chunkIndex: 6 },
          ],
        },
        sparse: {
          evidence: [
            { payload: a, bm25: 4, chunkIndex: 1 },
            { payload: a, bm25: 2, chunkIndex: 7 },
          ],
        },
      };
      const joined = join(new Map(order.map((name) => [name, found[name]])));
      expect(joined.get("a")?.chunkIndex).toBe(1);
      expect(joined.get("b")?.chunkIndex).toBe(3);
    },
  );

  it("take the score of a session from its own user's session only", () => {
    const mine = payload("m", "s", "ana");
    const theirs = payload("t", "s", "ben");
    const evidence = [
      { payload: mine, bm25: 1 },
      { payload: theirs, bm25: 1 },
    ];
    const joined = join(
      findings({ sparse: { evidence }, session: { evidence: [], sessions: new Map([["ana\0s", 7]]) } }),
    );
    expect([joined.get("m")?.session, joined.get("t")?.session]).toEqual([7, 0]);
  });
});

describe("completion", () => {
  const found = findings({
    dense: { evidence: [{ payload: a, cosine: 0.9 }] },
    sparse: { evidence: [{ payload: b, bm25: 3 }] },
  });

  it("asks for the cosines that are missing and for the BM25 and cues of all, and never a source that did not answer", () => {
    expect(completions(join(found), found).map(({ name }) => name)).toEqual(["dense", "sparse"]);
    const late = findings({ sparse: { evidence: [{ payload: b, bm25: 3 }] } });
    expect(completions(join(late), late).map(({ name }) => name)).toEqual(["sparse"]);
  });

  it("raises scores without saying that the source found the memory by itself", () => {
    const candidates = join(found);
    complete(
      candidates,
      findings({
        sparse: {
          evidence: [
            { payload: a, bm25: 1.5 },
            { payload: payload("x"), bm25: 9 },
          ],
        },
      }),
    );
    expect(candidates.get("a")).toMatchObject({ bm25: 1.5, cosine: 0.9 });
    expect([...(candidates.get("a")?.sources ?? [])]).toEqual(["dense"]);
    expect(candidates.has("x")).toBe(false);
  });
});
