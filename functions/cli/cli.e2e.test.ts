/** The command line as people use it: real processes on a data directory of their own, with and without a server. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SearchAnswer } from "@nexus/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConversation } from "./conversation.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "nexus-cli-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

function start(args: string[]): ChildProcess {
  // Settings of whoever runs the tests must not reach in.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NEXUS_|PORT$|HOST$)/.test(name)));
  return spawn(process.execPath, [MAIN, ...args, "--data-dir", join(directory, "data")], { cwd: directory, env });
}

async function nexus(args: string[], input = ""): Promise<{ code: number | null; out: string; err: string }> {
  const child = start(args);
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  child.stdin?.end(input);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, err };
}

describe("without a server", () => {
  it("the demo answers its questions, says it again, and removes itself", { timeout: 120_000 }, async () => {
    const { questions } = (await readConversation()) as unknown as {
      questions: { question: string; evidence: string[] }[];
    };
    const first = await nexus(["demo", "--json"]);
    expect(first).toMatchObject({ code: 0, err: "" });
    const { added, answers } = JSON.parse(first.out) as { added: number; answers: SearchAnswer[] };
    expect(added).toBeGreaterThan(150);
    const shown = await nexus(["demo"]);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain(`${added} were there already`);
    const asked = [...shown.out.matchAll(/^\? (.*\?) {2}/gm)].map(([, question]) => question);
    expect(asked).toHaveLength(5);
    for (const [i, question] of asked.entries()) {
      const evidence = questions.find((candidate) => candidate.question === question)?.evidence ?? [];
      expect(evidence.map((turn) => `demo/harbour-flat/${turn}`)).toContain(answers[i]?.results[0]?.externalId);
    }
    expect((await nexus(["demo", "--remove"])).out).toBe(`Forgot ${added} memories of user demo.\n`);
    expect(JSON.parse((await nexus(["stats", "--json"])).out)).toMatchObject({ memories: 0 });
  });

  it("an import is found, and run again changes nothing", { timeout: 120_000 }, async () => {
    const file = join(directory, "charla.txt");
    await writeFile(
      file,
      "\uFEFF[2025-03-01 18:30] Ana: La llave está bajo la maceta azul 🪴\r\n[2025-03-01 18:31] Ben: ¡Gracias!\r\n",
    );
    for (let i = 0; i < 2; i++) {
      expect(await nexus(["import", file, "--user", "ana"])).toMatchObject({ code: 0, err: "" });
    }
    const { out } = await nexus(["recall", "--user", "ana", "--json", "¿dónde está la llave?"]);
    const { results } = JSON.parse(out) as SearchAnswer;
    expect(results[0]).toMatchObject({
      memory: "La llave está bajo la maceta azul 🪴",
      speaker: "Ana",
      sessionId: "charla",
    });
    expect(JSON.parse((await nexus(["stats", "--user", "ana", "--json"])).out)).toMatchObject({ memories: 2 });
  });
});

describe("transfer", () => {
  it("what was exported and then forgotten comes back by an import", { timeout: 120_000 }, async () => {
    const file = join(directory, "kim.ndjson");
    await nexus(["remember", "--user", "kim", "--external-id", "k1", "My bicycle is green"]);
    expect(await nexus(["export", "--user", "kim", "--out", file])).toMatchObject({ code: 0, err: "" });
    const exported = await nexus(["export", "--user", "kim"]);
    expect(exported.out.split("\n").filter((line) => line.includes("bicycle is green"))).toHaveLength(1);
    const again = await nexus(["import", file, "--json"]);
    expect(JSON.parse(again.out)).toMatchObject({ format: "export", imported: 0, unchanged: 1, failed: 0 });
    const [, line = "{}"] = exported.out.split("\n");
    const { id } = JSON.parse(line) as { id: string };
    expect((await nexus(["import", file, "--dry-run"])).out).toContain("memory    1");
    const moved = { ...(JSON.parse(line) as object), id: id.replace(/^./, "f"), externalId: "k2", userId: "lee" };
    await writeFile(file, `${JSON.stringify(moved)}\n`);
    expect((await nexus(["import", file])).out).toMatch(/: 1 rows in /);
    expect((await nexus(["recall", "--user", "lee", "bicycle"])).out).toContain("My bicycle is green");
  });
});

describe("keys", () => {
  it("one that was made opens the server, and no more once it is revoked", { timeout: 120_000 }, async () => {
    const made = await nexus(["keys", "create", "--name", "reader", "--scope", "read"]);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^nx_live_[0-9a-f]{16}_\w+\n$/) as string });
    const key = made.out.trim();
    const id = key.split("_")[2] ?? "";
    expect((await nexus(["recall", "--user", "kim", "bicycle", "--key", key])).code).toBe(0);
    expect((await nexus(["remember", "--user", "kim", "x", "--key", key])).err).toContain("(auth.scope)");
    expect((await nexus(["keys", "list"])).out).toMatch(new RegExp(`^${id}  reader .*read  60000/min  made `, "m"));
    expect((await nexus(["keys", "revoke", id])).out).toBe(`Revoked ${id} (reader).\n`);
    expect((await nexus(["recall", "--user", "kim", "bicycle", "--key", key])).err).toContain("(auth.invalid)");
  });
});

describe("models", () => {
  it("without files have no vectors to show or switch, which takes an admin key", { timeout: 120_000 }, async () => {
    expect(await nexus(["models", "vectors"])).toEqual({
      code: 0,
      out: "in use        the built-in model alone\n",
      err: "",
    });
    const back = await nexus(["models", "switch", "rollBack"]);
    expect([back.code, back.err]).toEqual([1, expect.stringMatching(/^nexus: .*\(embed\.generation_missing\)\n$/)]);
    const key = (await nexus(["keys", "create", "--name", "reader", "--scope", "read"])).out.trim();
    expect((await nexus(["models", "switch", "refill", "--key", key])).err).toContain("(auth.scope)");
  });
});

describe("with a server", () => {
  it("the commands find it, speak to it, and it ends with 0", { timeout: 120_000 }, async () => {
    const server = start(["serve", "--port", "0"]);
    const ended = new Promise<number | null>((resolve) => server.once("close", resolve));
    try {
      const serverFile = join(directory, "data", "server.json");
      await expect.poll(() => existsSync(serverFile), { timeout: 30_000 }).toBe(true);
      expect(await nexus(["remember", "-", "--user", "bo"], "I am allergic to nuts\n")).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^Remembered as [\da-f-]{36}\n$/) as string,
      });
      expect((await nexus(["recall", "--user", "bo", "nuts"])).out).toContain("I am allergic to nuts");
      expect((await nexus(["stats"])).out).toMatch(/^Memory Nexus \S+ at http:\/\/127\.0\.0\.1:\d+\n/);
    } finally {
      server.kill("SIGINT");
    }
    expect(await ended).toBe(0);
  });
});
