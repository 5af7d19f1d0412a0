/** Erasing a user over HTTP: the receipt, the other users and tenants, and progress on the way. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@nexus/client";
import { describe, expect, it } from "vitest";
import { jobEnds, listAll, type JobAnswer, type RememberAnswer, type SearchAnswer } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";
import { TEST_KEY } from "../support/server.ts";

const MANY = Number(process.env["NEXUS_TEST_ERASE_MEMORIES"] ?? 1_000);
const { a, b, local, logs } = await openApp("erase", { NEXUS_KEY_RATE_PER_MINUTE: "1000000" });

interface ErasingJob extends JobAnswer {
  readonly progress: { readonly done: number; readonly total: number };
}

async function remember(api: typeof a, userId: string, contents: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < contents.length; i += 100) {
    const memories = contents.slice(i, i + 100).map((content) => ({ userId, content }));
    const { body } = await api<RememberAnswer>("POST", "/api/memories", { memories });
    ids.push(...body.results.map(({ id }) => id));
  }
  return ids;
}

/** Texts of such words are no near-duplicates of each other, which would be looked at one by one. */
function word(i: number): string {
  return ((i * 2_654_435_761) % 4_294_967_296).toString(36);
}

async function inFiles(text: string): Promise<string[]> {
  const entries = await readdir(local.directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const held = await Promise.all(files.map(async (file) => (await readFile(file, "latin1")).includes(text)));
  return files.filter((_, i) => held[i]);
}

describe("DELETE /api/users/{userId}", () => {
  it("erases the user of this tenant alone, and the job's result is the receipt", async () => {
    const rare = "k7q2zx9vw4erased";
    const [id = ""] = await remember(a, "ana", [`The word is ${rare}.`, "I live in Lisbon.", "I moved to Porto."]);
    const [other = ""] = await remember(a, "ben", ["The lighthouse is white."]);
    const [foreign = ""] = await remember(b, "ana", ["The lighthouse is red."]);
    await a("POST", "/api/search", { query: `what is ${rare}?`, userId: "ana" });
    expect((await inFiles(rare)).length).toBeGreaterThan(0);

    const { status, body } = await a<{ job: ErasingJob }>("DELETE", "/api/users/ana");
    expect(status).toBe(202);
    const job = await jobEnds(a, body.job.id);
    expect(job).toMatchObject({
      status: "done",
      kind: "erase",
      error: null,
      result: { jobId: job.id, residue: 0, stores: { memory: { deleted: 3, remaining: 0 } } },
    });
    expect(JSON.stringify(job)).not.toContain('"ana"');
    expect((await a("GET", `/api/memories/${id}`)).status).toBe(404);
    expect(await listAll(a, { userId: "ana" })).toEqual([]);
    expect((await a<SearchAnswer>("POST", "/api/search", { query: rare, userId: "ana" })).body.results).toEqual([]);
    expect((await a("GET", `/api/memories/${other}`)).status).toBe(200);
    expect((await b("GET", `/api/memories/${foreign}`)).status).toBe(200);
    expect((await b("GET", `/api/jobs/${job.id}`)).status).toBe(404);
    expect(await inFiles(rare)).toEqual([]);
    expect(logs.filter((line) => line.includes(rare))).toEqual([]);
  });

  it(`of a user with ${MANY} memories tells how far it is, through the client too`, { timeout: 300_000 }, async () => {
    await remember(
      a,
      "cleo",
      Array.from({ length: MANY }, (_, i) => `${word(i)} ${word(i + 1)} ${word(i + 2)} ${word(i + 3)}`),
    );
    const fetch = (url: string, init: RequestInit): Promise<Response> => local.fetch(new Request(url, init));
    const nexus = createClient({ url: "http://nexus.test", key: TEST_KEY, fetch });
    const started = performance.now();
    const { id, progress } = await nexus.eraseUser("cleo");
    expect(progress).toEqual({ done: 0, total: MANY });
    const seen = new Set<number>();
    for (;;) {
      const job = await nexus.job(id);
      seen.add(job.progress.done);
      if (job.status === "done" || job.status === "failed") break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const done = await nexus.waitForJob(id);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    expect(done).toMatchObject({ progress: { done: MANY, total: MANY }, result: { residue: 0 } });
    expect([...seen].filter((count) => count > 0 && count < MANY).length).toBeGreaterThan(3);
    console.log(`erasure of ${MANY} memories: ${seconds} s`);
  });
});
