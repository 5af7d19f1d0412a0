/** A remote model's server that cuts, stalls, redirects and lies: an error of the table each time, and no secret in it. */

import { NexusError } from "@nexus/core";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { RemoteOptions } from "../remote.ts";
import {
  answer,
  type Behaviour,
  cutOff,
  endless,
  raw,
  startRemoteServer,
  status,
  text,
  texts,
  unit,
  wellBehaved,
} from "./server-fixture.node.ts";

const server = await startRemoteServer();
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
  server.behave = wellBehaved;
});

/** The error of a run, which says neither the key nor what was embedded. */
async function failure(behaviour: Behaviour, options: Partial<RemoteOptions> = {}): Promise<NexusError> {
  server.behave = behaviour;
  const error: unknown = await server
    .remote(options)
    .run([text("hello")])
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NexusError);
  expect((error as NexusError).message).not.toMatch(/sk-secret|hello/);
  return error as NexusError;
}

describe("a server that misbehaves", () => {
  it.each<[string, Behaviour, string, number | undefined]>([
    ["429 with a time", status(429, { "retry-after": "7" }), "embed.batch", 7],
    ["429 with a date", status(429, { "retry-after": "Fri, 01 May 2026 10:00:30 GMT" }), "embed.batch", 30],
    ["429 with nonsense", status(429, { "retry-after": "soon" }), "embed.batch", 1],
    ["429 with a year", status(429, { "retry-after": "31536000" }), "embed.batch", 3_600],
    [
      "503 with a date that is past",
      status(503, { "retry-after": "Fri, 01 May 2025 10:00:30 GMT" }),
      "embed.device",
      1,
    ],
    ["500", status(500), "embed.device", 1],
    ["408", status(408), "embed.timeout", 1],
    ["no connection", (_asked, response) => response.destroy(), "embed.device", undefined],
    ["half an answer", cutOff, "embed.device", undefined],
  ])("is worth another try after %s", async (_what, behaviour, code, seconds) => {
    const error = await failure(behaviour);
    expect([error.code, error.retryable, error.retryAfterSeconds]).toEqual([code, true, seconds]);
  });

  it("is embed.timeout when it is slow to begin or to end", async () => {
    const begins: Behaviour = () => {};
    const ends: Behaviour = (_asked, response) => response.writeHead(200).write('{"data":');
    for (const behaviour of [begins, ends]) {
      expect(await failure(behaviour, { timeoutMs: 50 })).toMatchObject({ code: "embed.timeout", retryable: true });
    }
  });

  it.each<[string, Behaviour]>([
    ["a redirect", status(302, { location: "/elsewhere" })],
    ["a lasting redirect", status(308, { location: "https://example.com/" })],
    ["401", status(401)],
    ["403", status(403)],
    ["404", status(404)],
  ])("is embed.load_failed after %s, and not asked again", async (_what, behaviour) => {
    expect(await failure(behaviour)).toMatchObject({ code: "embed.load_failed", retryable: false });
    expect(server.asked).toHaveLength(1);
  });

  const vector = (embedding: unknown) => answer({ data: [{ index: 0, embedding }] });
  it.each<[string, Behaviour]>([
    ["too few numbers", vector([1])],
    ["too many numbers", vector([1, 2, 3])],
    ["zeros", vector([0, 0])],
    ["null for NaN", vector([1, null])],
    ["a number beyond all", raw('{"data":[{"index":0,"embedding":[1e999,1]}]}')],
    ["NaN as Python writes it", raw('{"data":[{"index":0,"embedding":[NaN,1]}]}')],
    ["base64", vector("AAAA")],
    ["no vectors", answer({ data: [] })],
    ["two vectors for one text", answer({ data: [0, 1].map((index) => ({ index, embedding: [1, 2] })) })],
    ["an index beyond the texts", answer({ data: [{ index: 1, embedding: [1, 2] }] })],
    ["an error with status 200", answer({ error: "hello is too long" })],
    ["a list", answer([[1, 2]])],
    ["nothing", raw("")],
    ["HTML", raw("<html>hello</html>")],
    ["what is no UTF-8", raw(Uint8Array.of(0x22, 0xff, 0x22))],
    ["a body without end", endless],
  ])("is embed.invalid_output for %s", async (_what, behaviour) => {
    expect(await failure(behaviour)).toMatchObject({ code: "embed.invalid_output", retryable: false });
  });

  it("is embed.invalid_output when an index comes twice, and in order where none comes", async () => {
    server.behave = answer({ data: [0, 0].map((index) => ({ index, embedding: [1, 2] })) });
    await expect(server.remote().run(texts(2))).rejects.toMatchObject({ code: "embed.invalid_output" });
    server.behave = answer({ data: [1, 2].map((length) => ({ embedding: [length, 1] })) });
    const outcomes = await server.remote().run(texts(2));
    expect(outcomes.map((outcome) => [...(outcome as { vector: Float32Array }).vector])).toEqual([unit(1), unit(2)]);
  });

  it("fails the run with all its requests when one fails", async () => {
    server.behave = (one, response) =>
      one.body.input.includes("x".repeat(20)) ? status(500)(one, response) : undefined;
    await expect(server.remote().run(texts(48))).rejects.toMatchObject({ code: "embed.device" });
  });

  it("is embed.device where nothing listens", async () => {
    const error = await failure(wellBehaved, { url: "http://127.0.0.1:1" });
    expect([error.code, error.message]).toEqual(["embed.device", expect.stringContaining("http://127.0.0.1:1 ")]);
  });
});
