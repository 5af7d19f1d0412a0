import { describe, expect, it } from "vitest";
import { createFixture, ID } from "./app-fixture.ts";

const { send, calls } = createFixture();
const long = (length: number) => "x".repeat(length);
const times = (length: number, make: (i: number) => unknown) => Array.from({ length }, (_, i) => make(i));
const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
const nested = (levels: number) => `{"content":"a","metadata":${"[".repeat(levels)}${"]".repeat(levels)}}`;

/** Statuses that are not 400. */
const STATUS: Readonly<Record<string, number>> = {
  "memory.not_found": 404,
  "job.not_found": 404,
  "route.not_found": 404,
  "route.method": 405,
  "memory.too_large": 413,
  "body.too_large": 413,
};

/** title, body, code, and the paths that the problem must name */
type Case = readonly [string, unknown, string, string?];

const search: readonly Case[] = [
  ["no body", "", "body.malformed"],
  ["broken JSON", '{"query":', "body.malformed"],
  ["a list as body", [], "body.invalid"],
  ["half a surrogate pair", String.raw`{"query":"a\ud800"}`, "body.encoding", "query"],
  ["half a pair in a key", String.raw`{"query":"a","filters":{"\udc00":1}}`, "body.encoding"],
  ["a __proto__ field", '{"query":"a","__proto__":{"userId":"u2"}}', "body.unknown_field", "__proto__"],
  ["unknown fields", { query: "a", limit: 3, foo: 1 }, "body.unknown_field", "limit foo"],
  ["two wrong types", { query: 1, k: "3" }, "body.invalid", "query k"],
  ["no query", {}, "body.invalid", "query"],
  ["an empty query", { query: "  " }, "body.invalid", "query"],
  ["a query of 8,193 bytes", { query: long(8_193) }, "body.invalid", "query"],
  ["8,193 bytes in 2,731 letters", { query: "€".repeat(2_731) }, "body.invalid", "query"],
  ["k of 201", { query: "a", k: 201 }, "search.k_too_large", "k"],
  ["k of 0", { query: "a", k: 0 }, "body.invalid", "k"],
  ["k of 1.5", { query: "a", k: 1.5 }, "body.invalid", "k"],
  ["an unknown mode", { query: "a", mode: "best" }, "body.invalid", "mode"],
  ["a score above 1", { query: "a", minScore: 1.1 }, "body.invalid", "minScore"],
  ["a budget of 0", { query: "a", budgetMs: 0 }, "body.invalid", "budgetMs"],
  ["a time that is none", { query: "a", asOf: "yesterday" }, "body.invalid", "asOf"],
  ["an unknown filter field", { query: "a", filters: { color: 1 } }, "search.filter_unknown", "filters.color"],
  ["an unknown operator", { query: "a", filters: { userId: { like: "u" } } }, "search.filter_unknown"],
  ["a filter that is a list", { query: "a", filters: [] }, "search.filter_invalid", "filters"],
  ["filters of 5 levels", { query: "a", filters: { not: { not: { not: { not: {} } } } } }, "search.filter_invalid"],
  ["the reserved user", { query: "a", userId: "_" }, "body.invalid", "userId"],
  ["a user whom no URL can name", { query: "a", userId: ".." }, "body.invalid", "userId"],
  ["an empty user", { query: "a", userId: "" }, "body.invalid", "userId"],
  ["a user of 257 characters", { query: "a", userId: long(257) }, "body.invalid", "userId"],
  ["a line break in a session", { query: "a", sessionId: "a\nb" }, "body.invalid", "sessionId"],
];

const remember: readonly Case[] = [
  ["null as body", "null", "body.invalid"],
  ["100,000 levels", nested(100_000), "body.invalid"],
  ["NUL in a text", String.raw`{"content":"a\u0000b"}`, "body.invalid", "content"],
  ["an unknown field in a list", { memories: [{ content: "a", b: 1 }] }, "body.unknown_field", "memories.0.b"],
  ["no content", {}, "body.invalid", "content"],
  ["empty content", { content: "" }, "memory.empty", "content"],
  ["blank content", { memories: [{ content: "a" }, { content: " \n\t" }] }, "memory.empty", "memories.1.content"],
  ["content of 1 MiB and a byte", { content: long(1_048_577) }, "memory.too_large", "content"],
  ["1 MiB and 2 bytes in 349,526 letters", { content: "€".repeat(349_526) }, "memory.too_large", "content"],
  ["a body above 4 MiB", { content: long(4_194_304) }, "body.too_large"],
  ["metadata above 16 KiB", { content: "a", metadata: { a: long(16_384) } }, "body.invalid", "metadata"],
  ["metadata of 5 levels", { content: "a", metadata: deep(5) }, "body.invalid", "metadata"],
  ["metadata that is a list", { content: "a", metadata: [] }, "body.invalid", "metadata"],
  ["__proto__ in metadata", '{"content":"a","metadata":{"b":{"__proto__":{}}}}', "body.invalid", "metadata"],
  ["an id that is no UUID", { content: "a", id: "1" }, "body.invalid", "id"],
  ["30 February", { content: "a", createdAt: "2026-02-30" }, "body.invalid", "createdAt"],
  ["5 min and 1 s ahead", { content: "a", createdAt: "2026-05-01T10:05:01Z" }, "memory.time_invalid", "createdAt"],
  ["validFrom tomorrow", { content: "a", validFrom: "2026-05-02" }, "memory.time_invalid", "validFrom"],
  ["validity of no time", { content: "a", validFrom: "2026", validTo: "2026" }, "body.invalid", "validFrom validTo"],
  [
    "validity that ends as it begins",
    { content: "a", validFrom: "2026-01-01", validTo: "2026-01-01" },
    "memory.time_invalid",
    "validTo",
  ],
  ["an empty batch", { memories: [] }, "body.invalid", "memories"],
  ["1,001 memories", { memories: times(1_001, () => ({ content: "a" })) }, "body.invalid", "memories"],
  ["17 users", { memories: times(17, (i) => ({ content: "a", userId: `u${i}` })) }, "body.invalid"],
  ["two forms at once", { content: "a", memories: [{ content: "b" }] }, "body.unknown_field", "content"],
  ["a message without a role", { messages: [{ content: "a" }] }, "body.invalid", "messages.0.role"],
  ["async: 1", { content: "a", async: 1 }, "body.invalid", "async"],
];

const others: readonly (readonly [string, ...Case])[] = [
  ["POST /api/process", "a text of 8,193 bytes", { text: long(8_193) }, "body.invalid", "text"],
  ["POST /api/process", "remember: 1", { text: "a", remember: 1 }, "body.invalid", "remember"],
  ["POST /api/process", "tomorrow", { text: "a", createdAt: "2026-05-02" }, "memory.time_invalid", "createdAt"],
  ["POST /api/memories/query", "a limit of 201", { limit: 201 }, "body.invalid", "limit"],
  ["GET /api/memories?limit=ten", "a limit that is no number", undefined, "body.invalid", "limit"],
  ["GET /api/memories?limit=0", "a limit of 0", undefined, "body.invalid", "limit"],
  ["GET /api/memories?userId=a&userId=b", "a parameter twice", undefined, "body.invalid", "userId"],
  ["GET /api/memories?user=a", "an unknown parameter", undefined, "body.unknown_field", "user"],
  ["GET /api/memories?userId=", "an empty parameter", undefined, "body.invalid", "userId"],
  ["GET /api/memories/1", "an id that is no UUID", undefined, "memory.not_found"],
  ["GET /api/jobs/1", "an id that is no UUID", undefined, "job.not_found"],
  [`PATCH /api/memories/${ID}`, "a patch of nothing", {}, "body.invalid"],
  [`PATCH /api/memories/${ID}`, "content: null", { content: null }, "body.invalid", "content"],
  [`PATCH /api/memories/${ID}`, "another user", { userId: "u2" }, "body.unknown_field", "userId"],
  [`PATCH /api/memories/${ID}`, "blank content", { content: " " }, "memory.empty", "content"],
  ["DELETE /api/memories", "no confirmation", {}, "body.invalid", "userId"],
  ["DELETE /api/memories", "no body", undefined, "body.invalid", "userId"],
  ["DELETE /api/memories", "confirm: yes", { confirm: "yes" }, "body.invalid", "confirm"],
  ["DELETE /api/memories?userId=a", "a body and a query string", { userId: "b" }, "body.invalid"],
  ["GET /api/memorys", "an unknown route", undefined, "route.not_found"],
  ["PUT /api/search", "a method that the route lacks", {}, "route.method"],
];

const cases: readonly (readonly [string, ...Case])[] = [
  ...search.map((row) => ["POST /api/search", ...row] as const),
  ...remember.map((row) => ["POST /api/memories", ...row] as const),
  ...others,
];

const named = cases.map(([target, title, body, code, paths]) => ({ target, title, body, code, paths }));

describe("bad input", () => {
  it.each(named)("$target refuses $title", async ({ target, body, code, paths }) => {
    const before = calls.length;
    const [method = "", path = ""] = target.split(" ");
    const response = await send(method, path, body);
    const problem = (await response.json()) as { code: string; errors: { path: string }[] };
    expect([response.status, problem.code]).toEqual([STATUS[code] ?? 400, code]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    if (paths) expect(problem.errors.map((error) => error.path).join(" ")).toBe(paths);
    expect(calls.length).toBe(before);
  });

  it.each(["/api/memories?userId=%ff", "/api/memories?userId=a%C3%28", "/api/patterns?userId=%"])(
    "%s is not UTF-8: another user would be read for it",
    async (path) => {
      const before = calls.length;
      const response = await send("GET", path);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, "body.encoding"]);
      expect(calls.length).toBe(before);
    },
  );

  it("a problem has the nine fields of its shape and repeats no value", async () => {
    const response = await send("POST", "/api/search", { query: 1, secretField: "secret value" });
    const problem = (await response.json()) as object;
    const fields = "type title status detail instance code requestId retryable errors";
    expect(Object.keys(problem).join(" ")).toBe(fields);
    expect(JSON.stringify(problem)).not.toContain("secret value");
  });

  it("at most 50 problems are listed, and the detail says how many there are", async () => {
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, i]));
    const response = await send("POST", "/api/search", { query: "a", ...fields });
    const problem = (await response.json()) as { detail: string; errors: unknown[] };
    expect(problem.errors).toHaveLength(50);
    expect(problem.detail).toContain("500 problems");
  });
});
