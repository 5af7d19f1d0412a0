/** Streams in and out, over a service of the test's own. */

import type { ImportItem } from "@nexus/memory";
import { describe, expect, it } from "vitest";
import { createFixture, ID } from "./app-fixture.ts";
import { HTTP_DEFAULTS } from "./defaults.ts";

const NDJSON = { "content-type": "application/x-ndjson" };
const row = (i: number) => `{"memory":"row ${i}","user_id":"u"}\n`;

describe("export", () => {
  it("is lines of JSON from header to trailer", async () => {
    const response = await createFixture().send("POST", "/api/export", { userId: "u1" });
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text()).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(["export", "memory", "end"]);
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ id: ID, content: "Ana flies to Lisbon", arrival: 1 });
  });

  it("takes no body for all of the tenant", async () => {
    const { send, calls } = createFixture();
    await send("POST", "/api/export");
    expect(calls[0]).toMatchObject({ method: "exportItems", args: [{ tenant: "t1" }, {}] });
  });

  it("reads no further than its reader, and stops when that one goes", async () => {
    let made = 0;
    let stopped = false;
    const { send } = createFixture({
      service: {
        async *exportItems() {
          try {
            for (;;) {
              made++;
              yield {
                kind: "feedback",
                row: {
                  id: ID,
                  partition: "u",
                  queryId: "q".repeat(70_000),
                  rating: 1,
                  features: {},
                  createdAt: new Date(0),
                },
              };
              await Promise.resolve();
            }
          } finally {
            stopped = true;
          }
        },
      },
    });
    const reader = (await send("POST", "/api/export")).body!.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(made).toBeLessThan(5);
    await reader.cancel();
    expect(stopped).toBe(true);
  });

  it("breaks off without a trailer when its rows cannot be read further", async () => {
    const { send } = createFixture({
      service: {
        // oxlint-disable-next-line require-yield -- a store that fails at once
        async *exportItems() {
          await Promise.resolve();
          throw new Error("the disk is gone");
        },
      },
    });
    await expect((await send("POST", "/api/export")).text()).rejects.toThrow("the disk is gone");
  });
});

describe("import", () => {
  it("hands rows over a hundred at a time, and reads no further until those are done", async () => {
    const batches: number[] = [];
    let release = (): void => {};
    const { app } = createFixture({
      service: {
        importItems: (_writer, items: readonly ImportItem[]) =>
          new Promise((resolve) => {
            batches.push(items.length);
            release = () => resolve(items.map(() => ({ event: "imported" })));
          }),
      },
    });
    let asked = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (asked === 250) return controller.close();
          controller.enqueue(new TextEncoder().encode(row(asked++)));
        },
      },
      { highWaterMark: 1 },
    );
    const init = { method: "POST", headers: { ...NDJSON, authorization: "Bearer admin-key" }, body, duplex: "half" };
    const answered = Promise.resolve(app.request("/api/import", init as RequestInit));
    for (const read of [100, 200, 250]) {
      await expect.poll(() => batches.length).toBe(Math.ceil(read / 100));
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(asked).toBeLessThanOrEqual(read + 5);
      release();
    }
    expect(await (await answered).json()).toEqual({ imported: 250, unchanged: 0, failed: [], total: 250 });
    expect(batches).toEqual([100, 100, 50]);
  });

  it("reads lines wherever the body is cut, within a character too", async () => {
    const { app, calls } = createFixture();
    const bytes = new TextEncoder().encode('{"memory":"käse 🧀"}\r\n\n  \n{"memory":"brot"}');
    for (const size of [1, 2, 3, 7, bytes.length]) {
      calls.length = 0;
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          controller.close();
        },
      });
      const init = { method: "POST", headers: { ...NDJSON, authorization: "Bearer admin-key" }, body, duplex: "half" };
      expect((await app.request("/api/import", init as RequestInit)).status).toBe(200);
      const items = calls[0]?.args[1] as readonly { memory: { content: string } }[];
      expect(items.map(({ memory }) => memory.content)).toEqual(["käse 🧀", "brot"]);
    }
  });

  it("names at most a hundred bad lines and counts the rest", async () => {
    const bad = '{"memory":" "}\n'.repeat(150);
    const response = await createFixture().send("POST", "/api/import", row(1) + bad, NDJSON);
    const report = (await response.json()) as { failed: { line: number }[]; total: number; imported: number };
    expect([report.failed.length, report.failed[99]?.line, report.total, report.imported]).toEqual([100, 101, 151, 1]);
  });

  it("passes over a line beyond the bound of a body without holding it", async () => {
    const settings = { ...HTTP_DEFAULTS, maxBodyBytes: 1_000 };
    const long = `{"memory":"${"x".repeat(5_000)}"}\n`;
    const { send, calls } = createFixture({ deps: { settings } });
    const response = await send("POST", "/api/import", row(1) + long + row(2), NDJSON);
    expect(await response.json()).toMatchObject({
      imported: 2,
      failed: [{ line: 2, detail: "the line is longer than 1000 bytes (body.too_large)" }],
    });
    expect(calls).toHaveLength(1);
  });

  it("of a JSON document is bounded like any other body", async () => {
    const settings = { ...HTTP_DEFAULTS, maxBodyBytes: 100 };
    const { send } = createFixture({ deps: { settings } });
    const response = await send("POST", "/api/import", {
      results: Array.from({ length: 50 }, () => ({ memory: "a" })),
    });
    expect(response.status).toBe(413);
  });

  it("that a store ends is the store's error, not the row's", async () => {
    const { send } = createFixture({ service: { importItems: () => Promise.reject(new Error("the disk is gone")) } });
    expect((await send("POST", "/api/import", row(1), NDJSON)).status).toBe(500);
  });
});
