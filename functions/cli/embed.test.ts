/** `nexus embed` */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "./cli-fixture.ts";

const directory = await mkdtemp(join(tmpdir(), "nexus-embed-"));
afterAll(() => rm(directory, { recursive: true }));

interface Body {
  readonly inputs: readonly object[];
}

const embedding = {
  vector: [0.6, -0.8, 0, 0.000_01, 1],
  model: "e1",
  insteadOf: null,
  cached: false,
  tokens: 5,
  truncated: false,
};
const good = { embeddings: [embedding], error: null };
const bad = { embeddings: [], error: { code: "embed.input_broken", detail: "[nexus/embed] the image is cut off" } };

/** What was sent, and an answer with a vector for each input. */
function recorder(result: object = good, skipped: readonly object[] = []) {
  const sent: Body[] = [];
  const answer = (path: string, body: unknown) => {
    expect(path).toBe("/api/embeddings");
    sent.push(body as Body);
    return Response.json({ results: (body as Body).inputs.map(() => result), skipped });
  };
  return { sent, answer };
}

describe("embed", () => {
  it("sends every argument as a text, and prints the beginning of its vector", async () => {
    const { sent, answer } = recorder();
    const argv = ["embed", "one two", "three", "--model", "e1", "--dimension", "64", "--role", "query"];
    const { code, out } = await run(argv, { answer });
    const text = (content: string) => ({ type: "text", content, role: "query" });
    expect(sent).toEqual([{ inputs: [text("one two"), text("three")], model: "e1", dimension: 64 }]);
    expect(out).toBe(`1. e1  [0.6000, -0.8000, 0.0000, 0.0000, …]  5 dimensions, 5 tokens
2. e1  [0.6000, -0.8000, 0.0000, 0.0000, …]  5 dimensions, 5 tokens`);
    expect(code).toBe(0);
  });

  it("reads files by what their names end in, and standard input for -", async () => {
    const bytes = Uint8Array.of(0, 200, 255);
    const names = ["a.PNG", "b.jpg", "c.jpeg", "d.webp", "e.wav", "f.txt"];
    for (const name of names) await writeFile(join(directory, name), name === "f.txt" ? "in a file" : bytes);
    const { sent, answer } = recorder();
    const readInput = async () => new TextEncoder().encode("typed");
    const files = names.flatMap((name) => ["--file", join(directory, name)]);
    await run(["embed", "-", ...files], { answer, terminal: { readInput } });
    const data = "AMj/";
    expect(sent[0]?.inputs).toEqual([
      { type: "text", content: "typed" },
      { type: "image", data, mediaType: "image/png" },
      { type: "image", data, mediaType: "image/jpeg" },
      { type: "image", data, mediaType: "image/jpeg" },
      { type: "image", data, mediaType: "image/webp" },
      { type: "audio", data },
      { type: "text", content: "in a file" },
    ]);
  });

  it("prints the API's JSON with --json, and a line for each input with --ndjson", async () => {
    const skipped = [{ model: "e2", code: "embed.timeout" }];
    const json = await run(["embed", "a", "b", "--json"], recorder(good, skipped));
    expect(JSON.parse(json.out)).toEqual({ results: [good, good], skipped });
    const lines = await run(["embed", "a", "b", "--ndjson"], recorder(good, skipped));
    expect(lines.out.split("\n").map((line) => JSON.parse(line) as unknown)).toEqual([
      { index: 0, ...good },
      { index: 1, ...good },
    ]);
    expect(lines.err).toBe("e2 did not answer (embed.timeout)");
  });

  it("says which input failed and why, prints the others, and ends with 1", async () => {
    const results = [good, bad, { ...good, embeddings: [{ ...embedding, insteadOf: "e2", truncated: true }] }];
    const answer = () => Response.json({ results, skipped: [] });
    const { code, out, err } = await run(["embed", "a", "b", "c"], { answer });
    expect(code).toBe(1);
    expect(err).toBe("nexus: input 2: the image is cut off (embed.input_broken)");
    expect(out.split("\n").map((line) => line.slice(0, 2))).toEqual(["1.", "3."]);
    expect(out).toMatch(/5 dimensions, 5 tokens, cut off, instead of e2$/);
  });

  it("sends at most 256 inputs and 4 MiB a request, in order", async () => {
    const many = recorder();
    const texts = Array.from({ length: 600 }, (_, i) => `text ${i}`);
    const { out } = await run(["embed", "--json", ...texts], many);
    expect(many.sent.map(({ inputs }) => inputs.length)).toEqual([256, 256, 88]);
    expect(many.sent.flatMap(({ inputs }) => inputs)).toEqual(texts.map((content) => ({ type: "text", content })));
    expect((JSON.parse(out) as { results: unknown[] }).results).toHaveLength(600);
    const large = recorder();
    await writeFile(join(directory, "large.wav"), new Uint8Array(1_500_000));
    await run(["embed", ...["1", "2", "3"].flatMap(() => ["-f", join(directory, "large.wav")])], large);
    expect(large.sent.map(({ inputs }) => inputs.length)).toEqual([2, 1]);
  });

  it("is refused without inputs, with wrong options, and for files that are not there", async () => {
    expect((await run(["embed"])).err).toContain("the text, or --file, is missing");
    expect((await run(["embed", "a", "--role", "x"])).err).toContain("--role must be one of query, passage");
    expect((await run(["embed", "a", "--dimension", "x"])).err).toContain("--dimension must be a whole number");
    expect((await run(["embed", "a", "--json", "--ndjson"])).code).toBe(2);
    const missing = await run(["embed", "--file", join(directory, "none.png")], recorder());
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining("there is no such file (import.format)")]);
  });
});
