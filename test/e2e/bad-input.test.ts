/** Whatever is sent, the answer is a problem with the right code, and nothing is half-written. */

import { describe, expect, it } from "vitest";
import { createApi, listAll, type RememberAnswer } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";

const { a, b, local } = await openApp("bad-input");
const fetch = (request: Request): Promise<Response> => local.fetch(request);
const stranger = createApi({ key: "nx_live_0123456789abcdef_forged", fetch });
const nobody = createApi({ key: "", fetch });

const userId = "u";
const content = "something";
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
const inFuture = new Date(Date.now() + 3_600_000).toISOString();
const other = await b<RememberAnswer>("POST", "/api/memories", {
  userId,
  content: "of tenant b",
  externalId: "shared",
});
const foreign = other.body.results[0]?.id;

type Case = readonly [
  name: string,
  status: number,
  code: string,
  send: () => Promise<{ status: number; body: Record<string, unknown> }>,
];

const remember = (body: unknown, headers?: Record<string, string>) => () => a("POST", "/api/memories", body, headers);
const search = (body: Record<string, unknown>) => () => a("POST", "/api/search", { query: "x", userId, ...body });

const CASES: readonly Case[] = [
  ["no body", 400, "body.malformed", remember("")],
  ["half a JSON", 400, "body.malformed", remember('{"userId":"u","content":"half')],
  ["a JSON text that is no object", 400, "body.invalid", remember("7")],
  ["binary", 400, "body.encoding", remember(new Uint8Array([0xff, 0xfe, 0x00, 0x80]))],
  [
    "Latin-1 instead of UTF-8",
    400,
    "body.encoding",
    remember(new Uint8Array([...new TextEncoder().encode('{"userId":"u","content":"caf'), 0xe9, 0x22, 0x7d])),
  ],
  ["another content type", 415, "body.content_type", remember("<xml/>", { "content-type": "text/xml" })],
  ["a body above 4 MiB", 413, "body.too_large", remember({ userId, content: "x".repeat(4_300_000) })],
  ["a text above 1 MiB", 413, "memory.too_large", remember({ userId, content: "é".repeat(600_000) })],
  ["an empty text", 400, "memory.empty", remember({ userId, content: "" })],
  ["a text of white space", 400, "memory.empty", remember({ userId, content: " \n\t\u3000" })],
  ["no text at all", 400, "body.invalid", remember({ userId })],
  ["a text that is a number", 400, "body.invalid", remember({ userId, content: 7 })],
  ["half a surrogate pair", 400, "body.encoding", remember('{"userId":"u","content":"\\ud83d"}')],
  ["an unknown field", 400, "body.unknown_field", remember({ userId, content, colour: "red" })],
  [
    "one bad item among good ones",
    400,
    "body.unknown_field",
    remember({
      memories: [
        { userId, content },
        { userId, content, colour: 1 },
      ],
    }),
  ],
  [
    "1,001 memories",
    400,
    "body.invalid",
    remember({ memories: Array.from({ length: 1_001 }, (_, i) => ({ userId, content: `${i}` })) }),
  ],
  [
    "17 users in one write",
    400,
    "body.invalid",
    remember({ memories: Array.from({ length: 17 }, (_, i) => ({ userId: `user-${i}`, content })) }),
  ],
  ["the reserved user _", 400, "body.invalid", remember({ userId: "_", content })],
  ["an id that is no UUID", 400, "body.invalid", remember({ userId, content, id: "one" })],
  ["metadata nested 6 deep", 400, "body.invalid", remember({ userId, content, metadata: nested(6) })],
  [
    "a body nested 5,000 deep",
    400,
    "body.invalid",
    remember(`{"userId":"u","content":"x","metadata":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`),
  ],
  ["metadata above 16 KiB", 400, "body.invalid", remember({ userId, content, metadata: { a: "x".repeat(17_000) } })],
  ["a createdAt in the future", 400, "memory.time_invalid", remember({ userId, content, createdAt: inFuture })],
  [
    "validTo before validFrom",
    400,
    "memory.time_invalid",
    remember({ userId, content, validFrom: "2026-02-01", validTo: "2026-01-01" }),
  ],
  ["a time that does not exist", 400, "body.invalid", remember({ userId, content, createdAt: "2026-02-30" })],
  [
    "an idempotency key with a line break in it",
    400,
    "body.invalid",
    remember({ userId, content }, { "idempotency-key": "a\tb" }),
  ],
  ["an unknown filter", 400, "search.filter_unknown", search({ filters: { colour: "red" } })],
  ["an unknown operator", 400, "search.filter_unknown", search({ filters: { speaker: { like: "A%" } } })],
  ["a filter of the wrong type", 400, "search.filter_invalid", search({ filters: { createdAt: { gte: "soon" } } })],
  [
    "filters nested 6 deep",
    400,
    "search.filter_invalid",
    search({ filters: { not: { not: { not: { not: { not: { speaker: "A" } } } } } } }),
  ],
  ["k above 200", 400, "search.k_too_large", search({ k: 201 })],
  ["k of 0", 400, "body.invalid", search({ k: 0 })],
  ["a query above 8 KiB", 400, "body.invalid", search({ query: "x".repeat(9_000) })],
  ["an unknown mode", 400, "body.invalid", search({ mode: "fastest" })],
  ["a forged consistency token", 400, "consistency.invalid", search({ consistency: "cv1.AAAAAAAAAAAAAAAAAAAAAA" })],
  ["garbage as a token", 400, "consistency.invalid", search({ consistency: "not a token" })],
  ["an unknown key", 401, "auth.invalid", () => stranger("POST", "/api/search", { query: "x", userId })],
  ["no key", 401, "auth.missing", () => nobody("POST", "/api/search", { query: "x", userId })],
  ["another tenant's memory", 404, "memory.not_found", () => a("GET", `/api/memories/${foreign}`)],
  [
    "changing another tenant's memory",
    404,
    "memory.not_found",
    () => a("PATCH", `/api/memories/${foreign}`, { content: "mine" }),
  ],
  ["forgetting another tenant's memory", 404, "memory.not_found", () => a("DELETE", `/api/memories/${foreign}`)],
  ["a path that is not there", 404, "route.not_found", () => a("GET", "/api/nothing")],
  ["a method that is not there", 405, "route.method", () => a("PUT", "/api/memories", {})],
  ["bulk forgetting without a user or a confirmation", 400, "body.invalid", () => a("DELETE", "/api/memories", {})],
  ["a job that is not there", 404, "job.not_found", () => a("GET", "/api/jobs/00000000-0000-4000-8000-000000000000")],
];

describe("bad input", () => {
  it.each(CASES)("%s is a %i %s", async (_name, status, code, send) => {
    const answer = await send();
    expect({ status: answer.status, code: answer.body["code"] }).toEqual({ status, code });
    expect(answer.body).toMatchObject({
      status,
      detail: expect.any(String) as string,
      requestId: expect.any(String) as string,
    });
  });

  it("an idempotency key with another body is a 422 idempotency.mismatch", async () => {
    const headers = { "idempotency-key": "once" };
    expect((await a("POST", "/api/memories", { userId: "kept", content: "first" }, headers)).status).toBe(201);
    expect(await a("POST", "/api/memories", { userId: "kept", content: "second" }, headers)).toMatchObject({
      status: 422,
      body: { code: "idempotency.mismatch" },
    });
  });

  it("leaves nothing behind", async () => {
    expect((await listAll(a)).map((memory) => memory.content)).toEqual(["first"]);
    expect((await listAll(b)).map((memory) => memory.content)).toEqual(["of tenant b"]);
    expect((await a<{ items: unknown[] }>("GET", "/api/jobs")).body.items).toEqual([]);
  });
});
