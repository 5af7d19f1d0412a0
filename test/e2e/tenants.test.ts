/** Nothing crosses a tenant: random operations of two tenants with the same ids, texts and filters, through HTTP. */

import { describe, expect, it } from "vitest";
import { type Api, listAll, type MemoryAnswer, type RememberAnswer, type SearchAnswer } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";
import { seeded } from "../support/random.ts";

const OPERATIONS = 5_000;
const USERS = ["ana", "ben", "_shared"];
const TOPICS = ["heron", "kettle", "lisbon", "bicycle", "orchard", "snow"];

const { a, b } = await openApp("tenants");

/** What one tenant must see: its own memories, and nothing else. */
interface Model {
  readonly name: string;
  readonly api: Api;
  readonly memories: Map<string, { content: string; userId: string }>;
}

describe(`two tenants, ${OPERATIONS} operations`, () => {
  it("see, count, change and forget only what is theirs", { timeout: 240_000 }, async () => {
    const random = seeded(7);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const models: Model[] = [
      { name: "a", api: a, memories: new Map() },
      { name: "b", api: b, memories: new Map() },
    ];
    const ids = Array.from({ length: 60 }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`);
    let leaks = 0;
    const counts: Record<string, number> = {};
    const leaked = (found: readonly string[], model: Model): void => {
      // Every text names its tenant, so a leak cannot hide behind equal words.
      leaks += found.filter((content) => !content.endsWith(`by ${model.name}`)).length;
    };
    for (let i = 0; i < OPERATIONS; i++) {
      const model = pick(models);
      const { api, memories, name } = model;
      const id = pick(ids);
      const userId = pick(USERS);
      const own = memories.get(id);
      const operation = pick([
        "remember",
        "remember",
        "get",
        "search",
        "search",
        "list",
        "patch",
        "forget",
        "process",
        "history",
      ] as const);
      counts[operation] = (counts[operation] ?? 0) + 1;
      if (operation === "remember") {
        const content = `${pick(TOPICS)} ${pick(TOPICS)} ${id.slice(-2)} by ${name}`;
        const { status } = await api<RememberAnswer>("POST", "/api/memories", { id, content, userId });
        const same = own?.content === content && own.userId === userId;
        expect(status).toBe(own && !same ? 409 : 201);
        if (!own) memories.set(id, { content, userId });
      } else if (operation === "get" || operation === "history") {
        const { status, body } = await api<MemoryAnswer>(
          "GET",
          `/api/memories/${id}${operation === "get" ? "" : "/history"}`,
        );
        expect(status).toBe(own ? 200 : 404);
        if (own && operation === "get") expect(body.content).toBe(own.content);
      } else if (operation === "search" || operation === "process") {
        const text = pick(TOPICS);
        const everywhere = operation === "search" && random() < 0.3;
        const scope = everywhere ? {} : { userId };
        const request =
          operation === "search" ? { query: text, k: 100, ...scope } : { text, k: 50, remember: false, ...scope };
        const { status, body } = await api<SearchAnswer>("POST", `/api/${operation}`, request);
        expect(status).toBe(200);
        leaked(
          body.results.map(({ memory }) => memory),
          model,
        );
        const expected = [...memories.entries()].filter(
          ([, memory]) => memory.content.includes(text) && (everywhere || memory.userId === userId),
        );
        const found = new Set(body.results.map(({ id: result }) => result));
        expect(expected.filter(([key]) => !found.has(key))).toEqual([]);
        expect(body.results.every((result) => memories.has(result.id))).toBe(true);
      } else if (operation === "list") {
        const items = await listAll(api, { userId });
        leaked(
          items.map(({ content }) => content),
          model,
        );
        expect(items).toHaveLength([...memories.values()].filter((memory) => memory.userId === userId).length);
      } else if (operation === "patch") {
        const content = `${pick(TOPICS)} patched ${id.slice(-2)} by ${name}`;
        const { status } = await api("PATCH", `/api/memories/${id}`, { content });
        expect(status).toBe(own ? 200 : 404);
        if (own) memories.set(id, { ...own, content });
      } else {
        const { status } = await api("DELETE", `/api/memories/${id}`);
        expect(status).toBe(own ? 200 : 404);
        memories.delete(id);
      }
    }
    console.log(`two tenants: ${OPERATIONS} operations, ${leaks} leaks`, counts);
    expect(leaks).toBe(0);
    for (const { api, memories } of models) expect(await listAll(api)).toHaveLength(memories.size);
  });

  it("cannot use each other's tokens, cursors, jobs or idempotency keys", async () => {
    const written = await a<RememberAnswer>(
      "POST",
      "/api/memories",
      { userId: "x", content: "token of a" },
      { "idempotency-key": "shared" },
    );
    const token = written.body.consistency;
    expect(await b("POST", "/api/search", { query: "x", userId: "x", consistency: token })).toMatchObject({
      status: 400,
      body: { code: "consistency.invalid" },
    });
    const other = await b<RememberAnswer>(
      "POST",
      "/api/memories",
      { userId: "x", content: "different" },
      { "idempotency-key": "shared" },
    );
    expect(other).toMatchObject({ status: 201, body: { results: [{ event: "added" }] } });
    await a("POST", "/api/memories", { memories: [{ userId: "x", content: "one more" }] });
    const page = await a<{ nextCursor: string }>("POST", "/api/memories/query", { userId: "x", limit: 1 });
    expect(
      (await b("POST", "/api/memories/query", { userId: "x", limit: 1, cursor: page.body.nextCursor })).status,
    ).toBe(400);
    const job = await a<{ job: { id: string } }>("POST", "/api/memories", {
      userId: "x",
      content: "later",
      async: true,
    });
    expect((await b("GET", `/api/jobs/${job.body.job.id}`)).status).toBe(404);
  });
});
