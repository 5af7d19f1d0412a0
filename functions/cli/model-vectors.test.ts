/** `nexus models vectors` and `nexus models switch` */

import { describe, expect, it } from "vitest";
import { run } from "./cli-fixture.ts";

const startedAt = "2026-05-01T10:00:00.000Z";
const one = { number: 1, name: "e1", model: "minilm@c9@q8", startedAt };
const two = { number: 2, name: "e8", model: "mpnet@main@q8", startedAt };
const NONE = { active: null, next: null, previous: null, refused: [] };
const comparison = { queries: 64, overlapAt10: 0.412, selfAt10: 0.45, selfAt10InUse: 0.98, p95Ms: 21.34 };

const job = (fields: object) => ({
  id: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
  kind: "embed",
  status: "running",
  progress: { done: 0, total: 0 },
  result: null,
  error: null,
  ...fields,
});
/** Of single memories: they have vectors to come, and say nothing of the whole. */
const ofOneWrite = job({ status: "queued" });
const other = job({ kind: "mine", progress: { done: 1, total: 2 } });

function server(generations: object, pages: readonly (readonly object[])[] = [[]]) {
  const asked: string[] = [];
  const answer = (path: string, body: unknown, { method, search }: { method: string; search: string }) => {
    asked.push(`${method} ${path}${search}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`);
    if (path !== "/api/jobs") return Response.json(generations);
    const page = Number(new URLSearchParams(search).get("cursor") ?? 0);
    return Response.json({ items: pages[page], nextCursor: page + 1 < pages.length ? String(page + 1) : null });
  };
  return { answer, asked };
}

const shown = async (generations: object, ...pages: readonly (readonly object[])[]) =>
  (await run(["models", "vectors"], server(generations, pages))).out;

describe("models vectors", () => {
  it("says that the built-in model is alone, and asks for no jobs then", async () => {
    const { answer, asked } = server(NONE);
    expect(await run(["models", "vectors"], { answer })).toEqual({
      code: 0,
      out: "in use        the built-in model alone",
      err: "",
    });
    expect(asked).toEqual(["GET /api/embeddings/generations"]);
  });

  it("shows what is in use, what is kept, what was rolled back, and how it compared before it was taken", async () => {
    const result = { filled: 9, generation: 2, comparison, inUse: true };
    const done = job({ status: "done", progress: { done: 9, total: 9 }, result });
    const out = await shown({ active: two, next: null, previous: one, refused: ["contriever@x"] }, [other], [done]);
    expect(out).toBe(`in use        2. e8  begun 2026-05-01 10:00, mpnet@main@q8
              Compared by the beginnings of 64 memories: 45 % are among their own ten nearest, 98 % by the vectors used before; both agree on 41 % of the ten. A query takes 21.3 ms (p95).
kept          1. e1  begun 2026-05-01 10:00, minilm@c9@q8
rolled back   contriever@x
              Begins again only after: nexus models switch refill`);
  });

  it("shows how far the job is that fills the next, among those of single writes", async () => {
    const filling = job({ progress: { done: 1_000, total: 4_000 } });
    const out = await shown({ ...NONE, next: one }, [ofOneWrite, other, ofOneWrite], [filling]);
    expect(out).toContain("being filled  1. e1  begun 2026-05-01 10:00, minilm@c9@q8");
    expect(out).toMatch(/memories █{6}░{18} 1,000 of 4,000 \(25 %\)/);
  });

  it("gives the time that is left, from the start of the generation on", async () => {
    const begun = { ...one, startedAt: new Date(Date.now() - 100_000).toISOString() };
    const out = await shown({ ...NONE, next: begun }, [job({ progress: { done: 1_000, total: 4_000 } })]);
    expect(out).toMatch(/· 10\/s · (5 min \d|4 min 59) s left$/);
  });

  it("says that the job waits, failed, or is not to be found", async () => {
    const failed = job({
      status: "failed",
      progress: { done: 3, total: 9 },
      error: { code: "embed.model_missing", detail: "[nexus/memory] the files of e1 are gone" },
    });
    const state = { ...NONE, next: one };
    expect(await shown(state, [ofOneWrite, failed])).toContain("Its job waits for its turn, or has just begun.");
    expect(await shown(state, [failed])).toContain("Its job failed: the files of e1 are gone (embed.model_missing)");
    expect(await shown(state, [other])).toContain("Its job is not among the latest.");
  });

  it("says why a filled generation waits, and for what", async () => {
    const out = await shown({ ...NONE, active: one, next: { ...two, comparison } }, [ofOneWrite]);
    expect(out).toContain("waits         2. e8");
    expect(out).toMatch(/far less often, so they wait for: nexus models switch cutOver$/);
  });

  it("does without jobs for a key that may not see them", async () => {
    const answer = (path: string) =>
      path === "/api/jobs"
        ? Response.json({ code: "auth.scope", detail: "x", errors: [] }, { status: 403 })
        : Response.json({ ...NONE, active: one });
    const { code, out } = await run(["models", "vectors"], { answer });
    expect([code, out]).toEqual([0, "in use        1. e1  begun 2026-05-01 10:00, minilm@c9@q8"]);
  });

  it("--json prints what the API says, with the job that fills", async () => {
    const filling = job({ progress: { done: 1, total: 4 } });
    const json = async (state: object) =>
      JSON.parse((await run(["models", "vectors", "--json"], server(state, [[filling]]))).out) as unknown;
    expect(await json({ ...NONE, next: one })).toEqual({ ...NONE, next: one, filling });
    expect(await json({ ...NONE, active: one })).toEqual({ ...NONE, active: one, filling: null });
  });

  it("lets no name of a model drive the terminal", async () => {
    expect(await shown({ ...NONE, active: { ...one, name: "e\u001B[2J" }, refused: ["\u0007"] })).not.toMatch(
      // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
      /[\u0007\u001B]/,
    );
  });
});

describe("models switch", () => {
  it.each([
    ["cutOver", "Taken into use."],
    ["rollBack", "Rolled back."],
    ["retire", "Retired: a job removes the vectors."],
    ["refill", "Models that were rolled back may begin again."],
  ])("%s says what it did, and what is in use then", async (action, did) => {
    const { answer, asked } = server({ ...NONE, active: one });
    const { code, out } = await run(["models", "switch", action], { answer });
    expect(asked[0]).toBe(`POST /api/embeddings/generations {"action":"${action}"}`);
    expect([code, out]).toEqual([0, `${did}\nin use        1. e1  begun 2026-05-01 10:00, minilm@c9@q8`]);
  });

  it("with nothing to do says so and fails", async () => {
    const detail = "[nexus/memory] no generation of vectors is kept from before";
    const answer = () => Response.json({ code: "embed.generation_missing", detail, errors: [] }, { status: 409 });
    expect(await run(["models", "switch", "retire"], { answer })).toEqual({
      code: 1,
      out: "",
      err: "nexus: no generation of vectors is kept from before (embed.generation_missing)",
    });
  });

  it.each([
    ["models", "switch"],
    ["models", "switch", "cutover"],
  ])("%s %s %s is a mistake in usage", async (...argv) => {
    const { code, err } = await run(argv.filter((word) => word !== undefined));
    expect(code).toBe(2);
    expect(err).toContain("say nexus models switch cutOver|rollBack|retire|refill (usage)");
  });

  it("vectors takes no more words", async () => {
    expect((await run(["models", "vectors", "x"])).code).toBe(2);
  });
});
