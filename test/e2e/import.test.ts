/** Files of other products, taken in through HTTP as streams of lines. */

import { describe, expect, it } from "vitest";
import { type Api, listAll, type SearchAnswer } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";
import { OTHER_KEY } from "../support/server.ts";

const { b, local } = await openApp("import");

const NDJSON = { "content-type": "application/x-ndjson" };

interface Report {
  readonly imported: number;
  readonly unchanged: number;
  readonly failed: readonly { readonly line: number; readonly code: string; readonly detail: string }[];
  readonly total: number;
}

const imported = async (api: Api, text: string, query = "") =>
  (await api<Report>("POST", `/api/import${query}`, text, NDJSON)).body;

const streamed = (body: ReadableStream<Uint8Array>) =>
  local.fetch(
    new Request("http://nexus.test/api/import", {
      method: "POST",
      headers: { ...NDJSON, authorization: `Bearer ${OTHER_KEY}` },
      body,
      duplex: "half",
    } as RequestInit),
  );

describe("an import of other products' files", () => {
  const mem0 = {
    id: "5f0c7f2e-9d0b-4c62-9f0e-6b8f5d3c1a20",
    memory: "Cleo plays the viola",
    user_id: "cleo",
    agent_id: "tutor",
    run_id: "lesson-1",
    metadata: { source: "chat" },
    categories: ["music"],
    created_at: "2025-07-26T08:45:20.123456-07:00",
    updated_at: "2025-07-27T08:45:20.123456-07:00",
    expiration_date: null,
  };
  const message = {
    uuid: "0b6e1c1e-58a5-4a3c-8d0c-0f0f3c6f5a11",
    content: "I have moved my studio to Ghent",
    role: "Dora",
    role_type: "user",
    session_id: "z1",
    user_id: "dora",
    created_at: "2025-02-03 10:00:00+00:00",
    metadata: null,
    token_count: 9,
  };
  const fact = {
    uuid: "7d0a36de-6d2d-44f6-8a9f-2f9b8a1d7c55",
    fact: "Dora rents a studio in Bruges",
    name: "RENTS",
    user_id: "dora",
    created_at: "2025-01-01T00:00:00Z",
    valid_at: "2024-01-01T00:00:00Z",
    invalid_at: "2025-02-01T00:00:00Z",
    expired_at: null,
  };
  const get = async (id: string) => (await b("GET", `/api/memories/${id}`)).body;

  it("takes mem0's rows, a line each or in the list that its API answers, once", async () => {
    const second = { ...mem0, id: "not-a-uuid", memory: "Cleo sings too" };
    const listed = JSON.stringify({ results: [mem0, second] });
    expect(await imported(b, `${JSON.stringify(mem0)}\n`)).toEqual({ imported: 1, unchanged: 0, failed: [], total: 1 });
    expect(await imported(b, listed)).toEqual({ imported: 1, unchanged: 1, failed: [], total: 2 });
    const document = await b<Report>("POST", "/api/import", JSON.stringify([mem0, second], null, 2));
    expect(document.body).toEqual({ imported: 0, unchanged: 2, failed: [], total: 2 });
    expect(await get(mem0.id)).toMatchObject({
      content: "Cleo plays the viola",
      userId: "cleo",
      agentId: "tutor",
      sessionId: "lesson-1",
      createdAt: "2025-07-26T15:45:20.123Z",
      metadata: { source: "chat", categories: ["music"] },
    });
    const { body } = await b<SearchAnswer>("POST", "/api/search", { query: "viola", userId: "cleo" });
    expect(body.results[0]?.memory).toBe("Cleo plays the viola");
  });

  it("takes Zep's messages and facts, with the time in which a fact held", async () => {
    const report = await imported(b, [message, fact].map((row) => JSON.stringify(row)).join("\n"));
    expect(report).toEqual({ imported: 2, unchanged: 0, failed: [], total: 2 });
    expect(await get(message.uuid)).toMatchObject({
      speaker: "Dora",
      sessionId: "z1",
      userId: "dora",
      createdAt: "2025-02-03T10:00:00.000Z",
      metadata: { role: "user" },
    });
    expect(await get(fact.uuid)).toMatchObject({
      content: "Dora rents a studio in Bruges",
      validFrom: "2024-01-01T00:00:00.000Z",
      validTo: "2025-02-01T00:00:00.000Z",
      metadata: { relation: "RENTS" },
    });
  });

  it("fills in what lines leave out, and takes memories in our own words", async () => {
    const report = await imported(
      b,
      '{"memory":"hums while cooking"}\n{"content":"bakes","userId":"fay"}\n',
      "?userId=eve",
    );
    expect(report).toMatchObject({ imported: 2, failed: [] });
    expect((await listAll(b, { userId: "eve" })).map(({ content }) => content)).toEqual(["hums while cooking"]);
    expect(await listAll(b, { userId: "fay" })).toHaveLength(1);
  });

  it("names bad lines and takes the rest", async () => {
    const good = (content: string) => JSON.stringify({ memory: content, user_id: "gil" });
    const report = await imported(
      b,
      [
        good("one"),
        "{half",
        '{"memory":" ","user_id":"gil"}',
        "",
        '{"colour":"red"}',
        '{"content":"x","userId":"gil","colour":1}',
        JSON.stringify({ ...mem0, memory: "changed" }),
        good("two"),
        '{"memory":"x","user_id":"gil","created_at":"someday"}',
      ].join("\r\n"),
    );
    expect(report).toMatchObject({ imported: 2, unchanged: 0, total: 8 });
    expect(report.failed.map(({ line, code }) => [line, code])).toEqual([
      [2, "import.row"],
      [3, "import.row"],
      [5, "import.row"],
      [6, "import.row"],
      [9, "import.row"],
      [7, "memory.exists"],
    ]);
    expect(report.failed.map(({ detail }) => detail).join("\n")).not.toContain("half");
    expect(report.failed[1]?.detail).toContain("content");
  });

  it.each([
    ["nothing", ""],
    ["prose", "It was a dark and stormy night;\nthe rain fell in torrents\n"],
    ["objects of another kind", '{"a":1}\n{"b":2}\n'],
    ["an export of a newer release", '{"type":"export","format":"memory-nexus","version":2}\n'],
  ])("refuses %s as import.format", async (_what, body) => {
    const { status, body: problem } = await b("POST", "/api/import", body, NDJSON);
    expect([status, problem["code"]]).toEqual([400, "import.format"]);
  });

  it("refuses another content type, unknown parameters, and keys without admin", async () => {
    expect((await b("POST", "/api/import", "x", { "content-type": "text/csv" })).body["code"]).toBe(
      "body.content_type",
    );
    expect((await b("POST", "/api/import?user=x", "{}", NDJSON)).body["code"]).toBe("body.unknown_field");
  });
});

describe("a long import", () => {
  it(
    "is read as it is written: 40 MiB in lines of all lengths, one of them too long",
    { timeout: 120_000 },
    async () => {
      const padding = "x".repeat(15_000);
      const rows = 2_700;
      let asked = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (asked === rows) return controller.close();
          const line =
            asked === 50
              ? `{"memory":"${"y".repeat(5_000_000)}"}\n`
              : `{"memory":"row ${asked}","user_id":"long","metadata":{"padding":"${padding}"}}\n`;
          asked++;
          controller.enqueue(new TextEncoder().encode(line));
        },
      });
      const report = (await (await streamed(body)).json()) as Report;
      expect(report).toMatchObject({ imported: rows - 1, total: rows, failed: [{ line: 51, code: "import.row" }] });
    },
  );

  it("of another kind is given up after its first hundred lines", async () => {
    let asked = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        asked++;
        controller.enqueue(new TextEncoder().encode(`${asked};a;b;c\n`));
      },
    });
    const response = await streamed(body);
    expect([response.status, asked < 1_000]).toEqual([400, true]);
  });
});
