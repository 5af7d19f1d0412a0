/** `nexus export`, and `nexus import` of what the server reads line by line. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "./cli-fixture.ts";

const directory = await mkdtemp(join(tmpdir(), "nexus-cli-transfer-"));
afterAll(() => rm(directory, { recursive: true, force: true }));

const header = {
  type: "export",
  format: "memory-nexus",
  version: 1,
  exportedAt: "2026-05-01T10:00:00.000Z",
  userId: null,
};
const end = { type: "end", counts: { memory: 2, entity: 0, relation: 0, reference: 0, feedback: 0 } };
const WHOLE = [header, { type: "memory", content: "a" }, { type: "memory", content: "b" }, end]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join("");

describe("export", () => {
  it("writes the lines as they are to standard output", async () => {
    const asked: unknown[] = [];
    const { code, out, err } = await run(["export", "--user", "ana"], {
      answer: (path, body) => {
        asked.push(path, body);
        return new Response(WHOLE);
      },
    });
    expect({ code, out, err }).toEqual({ code: 0, out: WHOLE.trimEnd(), err: "" });
    expect(asked).toEqual(["/api/export", { userId: "ana" }]);
  });

  it("writes a file that only its owner may read, and says how many memories are in it", async () => {
    const file = join(directory, "all.ndjson");
    const { code, out } = await run(["export", "--out", file], { answer: () => new Response(WHOLE) });
    expect([code, out]).toEqual([0, `Exported 2 memories from http://nexus.test to ${file}.`]);
    expect(await readFile(file, "utf8")).toBe(WHOLE);
    const json = await run(["export", "--out", file, "--json"], { answer: () => new Response(WHOLE) });
    expect(JSON.parse(json.out)).toMatchObject({ file, counts: end.counts, bytes: WHOLE.length });
  });

  it("leaves no file when the export was cut off, refused, or cannot be written", async () => {
    const file = join(directory, "cut.ndjson");
    const cut = WHOLE.slice(0, -20);
    expect(await run(["export", "--out", file], { answer: () => new Response(cut) })).toMatchObject({
      code: 1,
      err: "nexus: the export was cut off before its end; try again (store.unavailable)",
    });
    const refusal = () => Response.json({ code: "auth.scope", detail: "[nexus/http] needs admin" }, { status: 403 });
    expect((await run(["export", "--out", file], { answer: refusal })).err).toBe("nexus: needs admin (auth.scope)");
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
    const nowhere = join(directory, "no", "such", "folder.ndjson");
    expect(await run(["export", "--out", nowhere], { answer: () => new Response(WHOLE) })).toMatchObject({
      code: 1,
      err: expect.stringContaining("cannot be written (ENOENT)") as string,
    });
  });
});

describe("import", () => {
  /** What the server was sent, and an answer that counts the lines. */
  function server() {
    const pieces: string[] = [];
    const searches: string[] = [];
    const answer = (path: string, body: unknown, { search }: { search: string }) => {
      expect(path).toBe("/api/import");
      pieces.push(body as string);
      searches.push(search);
      const total = (body as string).trimEnd().split("\n").length;
      return Response.json({ imported: total, unchanged: 0, failed: [], total });
    };
    return { pieces, searches, answer };
  }

  const file = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, text);
    return path;
  };

  it.each([
    ["an export", WHOLE],
    ["mem0's rows", '{"id":"1","memory":"a","user_id":"u"}\n{"id":"2","memory":"b","user_id":"u"}\n'],
    ["mem0's answer in one line", '{"results":[{"id":"1","memory":"a"}],"relations":[]}\n'],
    ["Zep's facts", '\uFEFF{"uuid":"1","fact":"a"}\n'],
  ])("hands %s to the server as it is", async (_what, text) => {
    const { pieces, searches, answer } = server();
    const path = await file("as-it-is", text);
    const { code, out } = await run(["import", path, "--user", "me"], { answer });
    expect(code).toBe(0);
    expect(out).toMatch(/^Imported as-it-is into http:\/\/nexus\.test: \d rows in .*s\.$/);
    expect(pieces.join("")).toBe(text.replace("\uFEFF", ""));
    expect(searches).toEqual(["?userId=me"]);
  });

  it("takes a JSON document of several lines apart, from standard input too", async () => {
    const { pieces, answer } = server();
    const text = JSON.stringify(
      {
        results: [
          { id: "1", memory: "a" },
          { id: "2", memory: "b" },
        ],
      },
      null,
      2,
    );
    const readInput = async () => new TextEncoder().encode(text);
    expect((await run(["import", "-"], { answer, terminal: { readInput } })).code).toBe(0);
    expect(pieces).toEqual(['{"id":"1","memory":"a"}\n{"id":"2","memory":"b"}\n']);
  });

  it("goes on piece by piece, and names bad lines by their place in the file", async () => {
    const lines = Array.from({ length: 2_500 }, (_, i) => `{"memory":"row ${i}","user_id":"u"}${i === 0 ? "\n" : ""}`);
    const path = await file("long.ndjson", lines.join("\n"));
    const sizes: number[] = [];
    const { code, out, err } = await run(["import", path], {
      answer: (_path, body) => {
        const rows = (body as string).trimEnd().split("\n");
        sizes.push(rows.length);
        const line = rows.findIndex((row) => row.includes('"row 1234"')) + 1;
        const failed = line === 0 ? [] : [{ line, code: "import.row", detail: "is refused" }];
        return Response.json({ imported: rows.length - failed.length, unchanged: 0, failed, total: rows.length });
      },
    });
    expect(sizes).toEqual([1_000, 1_000, 500]);
    // A blank line stands behind the first row.
    expect([code, err]).toEqual([1, "nexus: line 1236: is refused (import.row)"]);
    expect(out).toMatch(/: 2,499 rows in .*; 1 refused\.$/);
  });

  it("says what it would import with --dry-run, and connects to nothing", async () => {
    const path = await file(
      "mem0.ndjson",
      '{"memory":"a","user_id":"u"}\n{"memory":" ","user_id":"u"}\n{"memory":"b"}\n',
    );
    const connectError = new Error("must not connect");
    const { code, out, err } = await run(["import", path, "--dry-run"], { connectError });
    expect(code).toBe(1);
    expect(out).toBe(
      "mem0.ndjson is an export of mem0. Nothing was imported; this would be:\n  memory    2, and 1 that cannot be",
    );
    expect(err).toContain("line 2: content must have some text");
  });

  it.each(["export", "mem0", "zep"])(
    "of nothing at all as %s is a mistake, and connects to nothing",
    async (format) => {
      for (const text of ["", " \n\n", "\uFEFF"]) {
        const path = await file("empty", text);
        const connectError = new Error("must not connect");
        const { code, out, err } = await run(["import", path, "--format", format], { connectError });
        expect([code, out]).toEqual([1, ""]);
        expect(err).toBe(`nexus: there is nothing to import in the file as ${format} (import.format)`);
      }
    },
  );

  it("finds out what comes through a pipe, which has no size", async () => {
    const { pieces, answer } = server();
    const pipe = join(directory, "pipe");
    execFileSync("/usr/bin/env", ["mkfifo", pipe]);
    const written = writeFile(pipe, WHOLE);
    const { code } = await run(["import", pipe], { answer });
    await written;
    expect([code, pieces.join("")]).toEqual([0, WHOLE]);
  });

  it.each([[[]], [["--dry-run"]]])("says when an export has no end, with %j too: it was cut off", async (options) => {
    const { pieces, answer } = server();
    const [head = "", ...rest] = WHOLE.split(/(?<=\n)/);
    const cut = [head, ...rest.slice(0, -1)].join("");
    const told = await run(["import", await file("cut.ndjson", cut), ...options], { answer });
    const notice = "nexus: line 4: is missing, with the end of the export: it was cut off (import.row)";
    expect([told.code, told.err.split("\n").at(-1)]).toEqual([1, notice]);
    expect(pieces.join("")).toBe(options.length === 0 ? cut : "");
    // Nor was the whole one, and lines that somebody chose from it.
    for (const text of [WHOLE, rest[0] ?? ""]) {
      const { err } = await run(["import", await file("other.ndjson", text), ...options], { answer });
      expect(err).not.toContain("cut off");
    }
  });

  it("stops when the server refuses, and says how to go on", async () => {
    const path = await file("stop.ndjson", '{"memory":"a","user_id":"u"}\n');
    const refusal = () => Response.json({ code: "auth.scope", detail: "[nexus/http] needs admin" }, { status: 403 });
    const { code, err } = await run(["import", path], { answer: refusal });
    expect(code).toBe(1);
    expect(err).toContain("run the same command again to go on");
    expect(err).toContain("nexus: needs admin (auth.scope)");
  });
});
