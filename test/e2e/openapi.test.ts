/** The OpenAPI document tells the truth: live answers of every route fit the schemas that it gives for them. */

import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import type { Answer, JobAnswer, RememberAnswer } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";

interface Operation {
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema?: object }> }>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

const { a, reader } = await openApp("openapi");
const document = (await a<Document>("GET", "/openapi.json")).body;
const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema(document, "openapi");
const seen = new Set<string>();

/** Asserts that the answer is one that the document describes for this operation. */
function expectDescribed(method: string, path: string, { status, body, headers }: Answer<unknown>): void {
  const name = `${method} ${path}`;
  const response = document.paths[path]?.[method.toLowerCase()]?.responses[status];
  expect(response, `${name} answered ${status}, which the document does not describe`).toBeDefined();
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  const schema = response?.content?.[type]?.schema;
  expect(schema, `${name} ${status} answered ${type}`).toBeDefined();
  if (/json/.test(type)) {
    const pointer = ["paths", path, method.toLowerCase(), "responses", String(status), "content", type, "schema"];
    const validate = ajv.getSchema(
      `openapi#/${pointer.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`,
    );
    expect(validate, name).toBeDefined();
    expect(validate?.(body), `${name} ${status}: ${JSON.stringify(validate?.errors)}`).toBe(true);
  }
  seen.add(`${name} ${status}`);
}

async function call<T = Record<string, unknown>>(
  method: string,
  path: string,
  options: {
    body?: unknown;
    parameters?: Record<string, string>;
    headers?: Record<string, string>;
    query?: string;
    as?: typeof a;
  } = {},
): Promise<Answer<T>> {
  const { body, parameters = {}, headers = {}, query = "", as = a } = options;
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? "") + query;
  const answer = await as<T>(method, url, body, headers);
  expectDescribed(method, path, answer);
  return answer;
}

describe("the OpenAPI document", () => {
  it("is version 3.1 and describes the live answers of every operation that it lists", async () => {
    expect(document.openapi).toMatch(/^3\.1/);
    const { body: written } = await call<RememberAnswer>("POST", "/api/memories", {
      body: {
        userId: "u",
        sessionId: "s",
        content: "Ana likes Lisbon",
        metadata: { a: [1, null] },
        expiresAt: "2099-01-01",
        validFrom: "2026-01-01",
      },
    });
    const id = written.results[0]?.id ?? "";
    const { body: accepted } = await call<{ job: JobAnswer }>("POST", "/api/memories", {
      body: { userId: "u", content: "later", async: true },
    });
    await call("POST", "/api/memories", { body: { userId: "u", content: " " } });
    await call("POST", "/api/memories", { body: { id, userId: "u", content: "something else" } });
    await call("POST", "/api/memories", { body: { userId: "u", content: "x" }, as: reader });
    await call("POST", "/api/process", { body: { text: "What does Ana like?", userId: "u", explain: true } });
    await call("POST", "/api/process", { body: { text: "Ana also likes Porto.", userId: "u" } });
    await call("POST", "/api/process", { body: { text: 7 } });
    await call("POST", "/api/search", { body: { query: "Lisbon", userId: "u" } });
    await call("POST", "/api/search", { body: { query: "Lisbon", userId: "u" } });
    await call("POST", "/api/search", { body: { query: "x", filters: { nothing: 1 } } });
    const { body: found } = await call<{ queryId: string }>("POST", "/api/search", {
      body: { query: "Ana", userId: "u" },
    });
    const { queryId } = found;
    await call("POST", "/api/feedback", { body: { queryId, memoryId: id, rating: "up" } });
    await call("POST", "/api/feedback", { body: { queryId: "q1.forged", rating: 5 } });
    await call("POST", "/api/feedback", { body: { queryId, rating: 6 } });
    await call("POST", "/api/context", { body: { query: "What does Ana like?", userId: "u", sessionId: "s" } });
    await call("POST", "/api/context", { body: { query: "Ana", maxTokens: 1 } });
    await call("POST", "/api/explain", { body: { queryId, memoryId: id } });
    await call("POST", "/api/explain", { body: { query: "Ana", userId: "v", asOf: "2020-01-01", memoryId: id } });
    await call("POST", "/api/explain", { body: { queryId: "q1.forged", memoryId: id } });
    const text = { type: "text", content: "Ana likes Lisbon" };
    await call("POST", "/api/embeddings", { body: { inputs: [text, { type: "text", content: " " }] } });
    await call("POST", "/api/embeddings", { body: { input: "Ana", model: "e0", encoding_format: "base64" } });
    await call("POST", "/api/embeddings", { body: { input: "Ana", model: "text-embedding-3-small" } });
    await call("GET", "/api/embeddings/models");
    await call("GET", "/api/embeddings/generations");
    for (const action of ["refill", "rollBack", "fly"]) {
      await call("POST", "/api/embeddings/generations", { body: { action } });
    }
    const { body: named } = await call<{ items: { id: string }[] }>("GET", "/api/entities", { query: "?userId=u" });
    await call("GET", "/api/entities", { query: "?userId=u&type=thing" });
    await call("GET", "/api/entities/{id}", { parameters: { id: named.items[0]?.id ?? "" }, query: "?userId=u" });
    await call("GET", "/api/entities/{id}", { parameters: { id }, query: "?userId=u" });
    await call("GET", "/api/graph", { query: "?userId=u&entity=Ana&depth=2" });
    await call("GET", "/api/graph", { query: "?userId=u" });
    await call("GET", "/api/patterns", { query: "?userId=u&type=habit" });
    await call("GET", "/api/trends", { query: "?userId=u&window=day" });
    await call("GET", "/api/trends", { query: "?window=year" });
    await call("POST", "/api/memories/query", { body: { userId: "u", limit: 1 } });
    await call("GET", "/api/memories", { query: "?userId=u&limit=2" });
    await call("GET", "/api/memories/{id}", { parameters: { id } });
    await call("GET", "/api/memories/{id}", { parameters: { id: "00000000-0000-4000-8000-000000000000" } });
    await call("PATCH", "/api/memories/{id}", { parameters: { id }, body: { metadata: { b: 2 } } });
    await call("PATCH", "/api/memories/{id}", {
      parameters: { id },
      body: { metadata: {} },
      headers: { "if-match": '"1"' },
    });
    await call("GET", "/api/memories/{id}/history", { parameters: { id } });
    await call("POST", "/api/memories/{id}/invalidate", { parameters: { id }, body: { reason: "wrong" } });
    await call("POST", "/api/memories/{id}/invalidate", { parameters: { id }, body: { reason: "" } });
    await call("POST", "/api/memories", { body: { userId: "u", content: "Ana likes  Porto very much indeed." } });
    const { body: moved } = await call<RememberAnswer>("POST", "/api/memories", {
      body: { userId: "u", content: "Ana likes Porto very much indeed!" },
    });
    await call("POST", "/api/memories/{id}/merges/undo", { parameters: { id: moved.results[0]?.id ?? "" } });
    const { body: exported } = await call<string>("POST", "/api/export", { body: { userId: "u" } });
    const lines = { headers: { "content-type": "application/x-ndjson" } };
    await call("POST", "/api/import", { body: `${exported}{"memory":" "}\n`, query: "?userId=u", ...lines });
    await call("POST", "/api/import", { body: "neither\nnor\n", ...lines });
    await call("POST", "/api/tokens", { body: { userId: "u", scopes: ["read"] } });
    await call("POST", "/api/tokens", { body: { userId: "u", scopes: ["write"] }, as: reader });
    const { body: key } = await call<{ id: string }>("POST", "/api/keys", { body: { name: "k", scopes: ["read"] } });
    await call("GET", "/api/keys");
    await call("GET", "/api/keys/{id}", { parameters: { id: key.id } });
    await call("DELETE", "/api/keys/{id}", { parameters: { id: key.id } });
    await call("DELETE", "/api/keys/{id}", { parameters: { id: "0123456789abcdef" } });
    await call("GET", "/api/jobs/{id}", { parameters: { id: accepted.job.id } });
    await call("GET", "/api/jobs");
    await call("DELETE", "/api/memories", { body: { userId: "u", dryRun: true } });
    await call("DELETE", "/api/memories/{id}", { parameters: { id } });
    await call("DELETE", "/api/memories", { body: { userId: "u" } });
    await call("DELETE", "/api/users/{userId}", { parameters: { userId: "u" } });
    await call("DELETE", "/api/users/{userId}", { parameters: { userId: "_" } });
    await call("DELETE", "/api/users/{userId}", { parameters: { userId: "u" }, as: reader });
    for (const path of ["/health", "/health/ready", "/metrics", "/openapi.json", "/docs"]) await call("GET", path);
    const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const reached = new Set([...seen].map((name) => name.slice(0, name.lastIndexOf(" "))));
    expect(listed.filter((name) => !reached.has(name))).toEqual([]);
  });
});

afterAll(() => console.log(`OpenAPI: ${seen.size} kinds of answers checked against the document`));
