/** A model on another server, against a real one of the test. */

import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { KEY, startRemoteServer, status, text, texts, unit, wellBehaved } from "./remote/server-fixture.node.ts";

const server = await startRemoteServer();
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
  server.behave = wellBehaved;
});

describe("a remote model", () => {
  it.each([
    ["openai", "/v1/embeddings", { model: "m", input: ["x", "xx"], encoding_format: "float" }],
    ["ollama", "/api/embed", { model: "m", input: ["x", "xx"], truncate: false }],
  ] as const)("is asked as %s wants it, and vectors come back in order with unit length", async (kind, path, body) => {
    const outcomes = await server.remote({ kind }).run(texts(2), { truncate: false });
    expect(server.asked).toEqual([{ path, authorization: `Bearer ${KEY}`, body }]);
    expect(outcomes).toEqual([
      { vector: Float32Array.from(unit(1)), tokens: 1, truncated: false },
      { vector: Float32Array.from(unit(2)), tokens: 2, truncated: false },
    ]);
  });

  it("sends 16 texts a request and 10 requests at once, and gives 400 outcomes in order", async () => {
    const held: (() => void)[] = [];
    let most = 0;
    let answered = 0;
    server.behave = (one, response) => {
      held.push(() => wellBehaved(one, response));
      most = Math.max(most, held.length);
      // Requests wait for as many as may come at once, and a moment for one that may not.
      if (held.length < Math.min(10, 25 - answered)) return;
      answered = server.asked.length;
      setTimeout(() => held.splice(0).forEach((release) => release()), 20);
    };
    const outcomes = await server.remote().run(texts(400));
    expect(server.asked.map(({ body }) => body.input.length)).toEqual(Array.from({ length: 25 }, () => 16));
    expect(most).toBe(10);
    for (const [i, outcome] of outcomes.entries()) expect(outcome).toMatchObject({ tokens: i + 1 });
    expect(outcomes.map((outcome) => [...(outcome as { vector: Float32Array }).vector])).toEqual(
      texts(400).map((_, i) => unit(i + 1)),
    );
  });

  it("puts the model's prefixes before texts, and needs no key", async () => {
    const runner = server.remote({
      key: undefined,
      queryPrefix: "Instruct: {task}\nQuery: ",
      passagePrefix: "passage: ",
    });
    await runner.run([
      { modality: "text", content: "a", role: "query", instruction: "find $& it" },
      text("b"),
      { modality: "code", content: "c" },
    ]);
    expect(server.asked[0]?.body.input).toEqual(["Instruct: find $& it\nQuery: a", "passage: b", "passage: c"]);
    expect(server.asked[0]?.authorization).toBeUndefined();
  });

  it("gives each input that it cannot read an error, and sends the others", async () => {
    const outcomes = await server
      .remote()
      .run([
        text(" \n"),
        text("x"),
        { modality: "image", bytes: new Uint8Array(1) },
        { modality: "audio", bytes: new Uint8Array(1) },
      ]);
    expect(outcomes.map((outcome) => ("code" in outcome ? outcome.code : outcome.tokens))).toEqual([
      "embed.input_empty",
      1,
      "embed.unsupported_modality",
      "embed.unsupported_modality",
    ]);
    expect(await server.remote().run([text("")])).toHaveLength(1);
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    [400, "embed.input_broken"],
    [422, "embed.input_broken"],
    [413, "embed.input_too_long"],
  ])("lets an input fail alone that the server refuses with %i", async (code, expected) => {
    server.behave = (one, response) => (one.body.input.includes("xxx") ? status(code) : wellBehaved)(one, response);
    const outcomes = await server.remote().run(texts(5));
    expect(outcomes.map((outcome) => ("code" in outcome ? outcome.code : outcome.tokens))).toEqual([
      1,
      2,
      expected,
      4,
      5,
    ]);
    expect(server.asked).toHaveLength(6);
  });

  it("stops when its caller does, and with it the requests that wait for others", async () => {
    server.behave = () => {};
    const stop = new AbortController();
    const run = server.remote().run(texts(400), { signal: stop.signal });
    while (server.asked.length < 10) await new Promise((resolve) => setTimeout(resolve, 1));
    stop.abort(new Error("left"));
    await expect(run).rejects.toThrow("left");
    while (server.open.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(server.asked).toHaveLength(10);
  });

  it("ends what runs and takes no more once it is closed", async () => {
    server.behave = () => {};
    const runner = server.remote();
    const run = runner.run([text("x")]);
    const ended = expect(run).rejects.toMatchObject({ code: "embed.load_failed" });
    while (server.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await runner.close();
    await ended;
    await expect(runner.run([text("x")])).rejects.toMatchObject({ code: "embed.load_failed" });
    expect(server.asked).toHaveLength(1);
  });
});
