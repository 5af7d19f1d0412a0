import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { createFixture, ID, storedMemory } from "./app-fixture.ts";

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe("request ids", () => {
  it.each([
    ["abc-123", "abc-123"],
    [undefined, "made-id-1"],
    ["two words", "made-id-1"],
    ["x".repeat(129), "made-id-1"],
  ])("%s comes back as %s, in problems too", async (given, expected) => {
    const { send, logs } = createFixture();
    const headers = given === undefined ? {} : { "x-request-id": given };
    const response = await send("GET", "/nowhere", undefined, headers);
    expect(response.headers.get("x-request-id")).toBe(expected);
    expect(((await response.json()) as { requestId: string }).requestId).toBe(expected);
    expect(logs.at(-1)).toMatchObject({ msg: "request", requestId: expected, status: 404, code: "route.not_found" });
  });
});

describe("bodies", () => {
  it.each(["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", ""])(
    "the content type %s is refused",
    async (type) => {
      const response = await createFixture().send("POST", "/api/search", { query: "a" }, { "content-type": type });
      expect([response.status, await codeOf(response)]).toEqual([415, "body.content_type"]);
    },
  );

  it("the content type may name UTF-8, in any case", async () => {
    const headers = { "content-type": 'Application/JSON; Charset="UTF-8"' };
    expect((await createFixture().send("POST", "/api/search", { query: "a" }, headers)).status).toBe(200);
  });

  it("a compressed body is refused", async () => {
    const response = await createFixture().send("POST", "/api/search", { query: "a" }, { "content-encoding": "gzip" });
    expect(response.status).toBe(415);
  });

  it("a length above the limit is refused before a byte is read", async () => {
    const { app } = createFixture();
    let pulled = 0;
    const body = new ReadableStream({ pull: () => void pulled++ }, { highWaterMark: 0 });
    const response = await app.request("/api/search", {
      ...streamed(body),
      headers: { ...streamed(body).headers, "content-length": "4194305" },
    });
    expect([response.status, await codeOf(response), pulled]).toEqual([413, "body.too_large", 0]);
  });

  it("a stream without a length is read up to the limit and cancelled there", async () => {
    const { app } = createFixture();
    let pulled = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled++;
          controller.enqueue(new Uint8Array(1_048_576));
        },
        cancel: () => void (cancelled = true),
      },
      { highWaterMark: 0 },
    );
    const response = await app.request("/api/search", streamed(body));
    expect([response.status, await codeOf(response)]).toEqual([413, "body.too_large"]);
    expect([pulled, cancelled]).toEqual([5, true]);
  });

  it("a body with a length is read whole, in one piece or in many", async () => {
    const { send, app } = createFixture();
    const text = JSON.stringify({ query: "a", userId: "ü1" });
    const bytes = new TextEncoder().encode(text);
    const length = { "content-length": String(bytes.length) };
    expect((await send("POST", "/api/search", text, length)).status).toBe(200);
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect((await app.request("/api/search", streamed(pieces))).status).toBe(200);
  });

  it("a body that breaks off is malformed", async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error("reset")) });
    const response = await createFixture().app.request("/api/search", streamed(body));
    expect([response.status, await codeOf(response)]).toEqual([400, "body.malformed"]);
  });

  it("bytes that are no UTF-8 are refused", async () => {
    const bytes = Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    const response = await createFixture().app.request("/api/search", streamed(new Blob([bytes]).stream()));
    expect([response.status, await codeOf(response)]).toEqual([400, "body.encoding"]);
  });

  function streamed(body: ReadableStream) {
    return {
      method: "POST",
      headers: { authorization: "Bearer admin-key", "content-type": "application/json" },
      body,
      duplex: "half" as const,
    };
  }
});

describe("compression", () => {
  const service = { get: () => Promise.resolve({ ...storedMemory, content: "ü".repeat(600) }) };

  it.each([
    ["gzip", "gzip"],
    ["deflate", "deflate"],
    ["br, gzip;q=0.5", "gzip"],
    ["*", "gzip"],
    ["gzip;q=0", null],
    ["br", null],
  ])("accept-encoding %s gives %s above 1 KiB", async (accepted, expected) => {
    const response = await createFixture({ service }).send("GET", `/api/memories/${ID}`, undefined, {
      "accept-encoding": accepted,
    });
    expect(response.headers.get("content-encoding")).toBe(expected);
    expect(response.headers.get("vary")).toBe("accept-encoding");
    expect(response.headers.get("etag")).toBe('"3"');
    const stream =
      expected === null ? response.body : response.body?.pipeThrough(new DecompressionStream(expected as "gzip"));
    expect(await new Response(stream).json()).toMatchObject({ content: "ü".repeat(600) });
  });

  it("a small answer is sent as it is", async () => {
    const response = await createFixture().send("GET", "/health", undefined, { "accept-encoding": "gzip" });
    expect(response.headers.get("content-encoding")).toBeNull();
  });
});

describe("methods", () => {
  it("HEAD answers as GET does, without a body", async () => {
    const response = await createFixture().send("HEAD", `/api/memories/${ID}`);
    expect([response.status, response.headers.get("etag"), await response.text()]).toEqual([200, '"3"', ""]);
  });

  it("OPTIONS and a 405 list what a route takes, and need no key", async () => {
    const { send } = createFixture();
    const options = await send("OPTIONS", `/api/memories/${ID}`, undefined, { authorization: "" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, PATCH, DELETE, OPTIONS"]);
    const refused = await send("PUT", "/api/memories", {}, { authorization: "" });
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, POST, DELETE, OPTIONS"]);
    expect((await send("PUT", "/api/memories/query")).headers.get("allow")).toBe("POST, OPTIONS");
  });
});

describe("errors of the service", () => {
  it("ours keep their code, status and retry-after", async () => {
    const error = new NexusError("store.unavailable", "[nexus] away", { retryAfterSeconds: 7 });
    const { send, logs } = createFixture({ service: { recall: () => Promise.reject(error) } });
    const response = await send("POST", "/api/search", { query: "a" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "7"]);
    expect(await response.json()).toMatchObject({ code: "store.unavailable", retryable: true, detail: "[nexus] away" });
    expect(logs[0]).toMatchObject({ level: "error", code: "store.unavailable" });
  });

  it("others become internal.unexpected: the log has the stack, neither has the text", async () => {
    const thrown = new SyntaxError("Unexpected token in 'dear diary'");
    const { send, logs, metrics } = createFixture({ service: { recall: () => Promise.reject(thrown) } });
    const response = await send("POST", "/api/search", { query: "a" });
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).toContain("internal.unexpected");
    expect(logs[0]).toMatchObject({ level: "error", requestId: "made-id-1" });
    expect(String(logs[0]?.["stack"])).toMatch(/caused by SyntaxError\n\s+at /);
    expect(text + JSON.stringify(logs)).not.toContain("dear diary");
    expect(metrics()).toContain('nexus_errors_total{code="internal.unexpected",dependency="none"} 1');
  });
});

describe("telemetry", () => {
  it("requests count by pattern, never by path; logs hold no text and no key", async () => {
    const { send, logs, metrics } = createFixture();
    await send("GET", `/api/memories/${ID}?x=1`);
    await send("GET", `/elsewhere/${ID}`);
    await send("BREW", "/api/search");
    await send("POST", "/api/search", { query: "a private question" });
    expect(metrics()).toContain('nexus_requests_total{method="GET",route="/api/memories/{id}",status="200"} 1');
    expect(metrics()).toContain('nexus_requests_total{method="GET",route="unmatched",status="404"} 1');
    expect(metrics()).toContain('nexus_requests_total{method="other",route="/api/search",status="405"} 1');
    expect(metrics()).toContain('nexus_request_duration_seconds_count{method="POST",route="/api/search"} 1');
    const text = JSON.stringify(logs);
    for (const secret of ["private", "admin-key", ID]) expect(text).not.toContain(secret);
  });
});
