/** Sending rows to a server of the test's own. */

import { createClient, type NewMemory } from "@nexus/client";
import { describe, expect, it } from "vitest";
import { batchesOf, batchKey } from "./batches.ts";
import type { BadRow, Row } from "./rows.ts";
import { upload } from "./upload.ts";

const rowsOf = (count: number, memory: (i: number) => Partial<NewMemory> = () => ({})): Row[] =>
  Array.from({ length: count }, (_, i) => ({ line: i + 1, memory: { content: `text ${i}`, ...memory(i) } }));

/** A server that refuses some texts, and answers a repeated key as it did before. */
function serverOf({ refuses = [], names = true }: { refuses?: string[]; names?: boolean } = {}) {
  const kept = new Map<string, string>();
  const answers = new Map<string, unknown>();
  const keys: string[] = [];
  const client = createClient({
    url: "http://nexus.test",
    retry: { retries: 0 },
    fetch: async (url, init) => {
      if (init.method === "GET") {
        const id = url.slice(url.lastIndexOf("/") + 1);
        if (kept.has(id)) return Response.json({ id });
        return Response.json({ code: "memory.not_found", detail: "gone" }, { status: 404 });
      }
      const key = (init.headers as Record<string, string>)["idempotency-key"] ?? "";
      keys.push(key);
      const { memories } = JSON.parse(init.body as string) as { memories: NewMemory[] };
      const errors = memories.flatMap(({ content }, i) =>
        refuses.includes(content) ? [{ path: `memories.${i}.content`, message: "is refused" }] : [],
      );
      if (errors.length > 0) {
        const problem = { code: "body.invalid", detail: "[nexus] refused", errors: names ? errors : [] };
        return Response.json(problem, { status: 400 });
      }
      if (!answers.has(key)) {
        const results = memories.map(({ content }) => {
          const id = `id-${kept.size}`;
          kept.set(id, content);
          return { id, event: "added", relatedId: null, error: null };
        });
        answers.set(key, { results, consistency: null, projected: true });
      }
      return Response.json(answers.get(key), { status: 201 });
    },
  });
  const run = async (rows: Row[]) => {
    const bad: BadRow[] = [];
    const progress: number[] = [];
    const tally = await upload(rows, {
      client,
      fileHash: "f".repeat(64),
      signal: new AbortController().signal,
      onBad: (row) => bad.push(row),
      onProgress: (done) => progress.push(done),
    });
    return { tally, bad, progress };
  };
  return { run, kept, keys };
}

describe("batches", () => {
  it("have at most 100 rows, 16 users and one body's bytes, and keep the order", () => {
    expect(batchesOf(rowsOf(250)).map((batch) => batch.length)).toEqual([100, 100, 50]);
    expect(batchesOf(rowsOf(40, (i) => ({ userId: `u${i}` }))).map((batch) => batch.length)).toEqual([16, 16, 8]);
    const large = rowsOf(9, () => ({ content: "x".repeat(1_000_000) }));
    expect(batchesOf(large).map((batch) => batch.length)).toEqual([4, 4, 1]);
    expect(batchesOf(large).flat()).toEqual(large);
  });

  it("have a key that changes with the file, the lines and what is sent, and not otherwise", () => {
    const [batch = []] = batchesOf(rowsOf(3));
    const other = batch.map((row) => ({ ...row, memory: { ...row.memory, userId: "u" } }));
    const keys = [batchKey("a", batch), batchKey("b", batch), batchKey("a", batch.slice(1)), batchKey("a", other)];
    expect(new Set(keys).size).toBe(4);
    expect(batchKey("a", [...batch])).toBe(keys[0]);
    expect(keys[0]).toMatch(/^[!-~]{1,255}$/);
  });
});

describe("upload", () => {
  it("sends all rows, and those of a second run under the same keys", async () => {
    const { run, kept, keys } = serverOf();
    expect(await run(rowsOf(150))).toMatchObject({ tally: { added: 150, failed: 0 }, bad: [], progress: [100, 150] });
    await run(rowsOf(150));
    expect(kept.size).toBe(150);
    expect(keys.slice(2)).toEqual(keys.slice(0, 2));
  });

  it.each([
    ["names", true],
    ["does not name", false],
  ])("reports the rows that the server %s with their lines, and keeps all the others", async (_how, names) => {
    const { run, kept } = serverOf({ refuses: ["text 7", "text 42"], names });
    const { tally, bad } = await run(rowsOf(60));
    expect(bad.map(({ line }) => line)).toEqual([8, 43]);
    expect(tally).toMatchObject({ added: 58, failed: 2 });
    expect(kept.size).toBe(58);
  });

  it("keeps again what was forgotten since an earlier run, which the server would answer from that run", async () => {
    const { run, kept } = serverOf();
    await run(rowsOf(3));
    kept.clear();
    await run(rowsOf(3));
    expect([...kept.values()]).toEqual(["text 0", "text 1", "text 2"]);
  });
});
