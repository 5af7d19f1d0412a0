/** Command lines: what they print and which code they end with, against a server of the test's own. */

import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { run } from "./cli-fixture.ts";
import { COMMANDS } from "./cli.ts";

const ANSWER = {
  queryId: "q1",
  results: [
    {
      id: "m1",
      externalId: null,
      memory: "Ana wants to fly to Lisbon in May",
      score: 0.8,
      confidence: 0.9,
      sources: ["dense", "sparse"],
      factors: { semantic: 0.5, keyword: 1, recency: 0, quality: 0.5, domain: 0.5, preference: 0.5, agreement: 1.03 },
      explanation: "Matches “Lisbon”; found by 2 sources.",
      spans: [{ start: 20, end: 26, term: "Lisbon" }],
      sessionId: null,
      speaker: "Ana",
      createdAt: "2025-03-01T18:30:00.000Z",
      validFrom: null,
      validTo: null,
      superseded: false,
      metadata: {},
    },
  ],
  confidence: 0.93,
  path: "smart",
  cache: { tier: null, semantic: false, ageMs: null, seq: null },
  skipped: [{ source: "session", reason: "deadline", elapsedMs: 5 }],
  latencyMs: 7.44,
  timings: { analyse: 0, embed: 0, search: 0, fuse: 0, network: 0, cold: 0 },
};

describe("help", () => {
  it("of all names every command and ends with 0 when asked for, 2 when nothing was", async () => {
    const asked = await run(["--help"]);
    for (const { name, summary } of COMMANDS) expect(asked.out).toContain(`${name.padEnd(8)}  ${summary}`);
    expect(asked.code).toBe(0);
    expect(await run([])).toEqual({ ...asked, code: 2 });
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    "of %s has its usage, each of its options and those of all, within 100 columns",
    async (name, { options }) => {
      const { code, out } = await run([name, "--help"]);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: nexus ${name}`);
      for (const option of [...Object.keys(options), "json", "url", "key", "data-dir", "help"]) {
        expect(out).toMatch(new RegExp(`^  (-\\w, |    )--${option}\\b`, "m"));
      }
      expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    },
  );
});

describe("exit codes", () => {
  it.each([
    [
      ["recal", "x"],
      "nexus: there is no command recal; there are serve, remember, recall, explain, embed, models, import, export, erase, keys, stats, demo (usage)",
    ],
    [["recall"], "nexus: the query is missing (usage)\nSee nexus recall --help"],
    [["recall", "x", "--k", "ten"], "nexus: --k must be a whole number (usage)"],
    [["recall", "x", "--mode", "slow"], "nexus: --mode must be one of auto, fast, balanced, maxAccuracy (usage)"],
    [["recall", "x", "--colour"], "nexus: unknown option '--colour' (usage)"],
    [["remember", "-m", "x", "text"], "nexus: --metadata x must be of the form key=value (usage)"],
    [["import"], "nexus: the file is missing (usage)"],
    [["--wrong"], 'nexus: there is no command in "--wrong" (usage)'],
  ])("are 2 for %j", async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(message);
  });

  it("are 1 for a problem of the server, with its detail and code and no stack", async () => {
    const problem = { code: "search.k_too_large", detail: "[nexus] k: must be at most 200" };
    const failed = await run(["recall", "x"], { answer: () => Response.json(problem, { status: 400 }) });
    expect(failed).toEqual({ code: 1, out: "", err: "nexus: k: must be at most 200 (search.k_too_large)" });
  });

  it("are 1 when nobody answers, when the data directory is taken, and for what nobody foresaw", async () => {
    expect(await run(["recall", "x"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("(client.unreachable)") as string,
    });
    const locked = new NexusError("store.locked", "[nexus/stores] another process uses it");
    expect(await run(["stats"], { connectError: locked })).toMatchObject({
      code: 1,
      err: "nexus: another process uses it (store.locked)",
    });
    expect(await run(["stats"], { connectError: new Error("boom") })).toMatchObject({
      code: 1,
      err: "nexus: boom (internal.unexpected)",
    });
  });

  it("are 130 after Ctrl-C", async () => {
    const { code } = await run(["recall", "x"], { signal: AbortSignal.abort(new Error("interrupted")) });
    expect(code).toBe(130);
  });

  it("are 1 for a memory that the server could not keep", async () => {
    const error = { code: "store.conflict", detail: "[nexus] kept colliding" };
    const results = [{ id: null, event: "failed", relatedId: null, error }];
    const { code, err } = await run(["remember", "x"], { answer: () => Response.json({ results, consistency: null }) });
    expect([code, err]).toEqual([1, "nexus: kept colliding (store.conflict)"]);
  });
});

describe("recall", () => {
  it("prints number, score, date and speaker, the text, the reason, and what kept silent", async () => {
    const { out, code } = await run(["recall", "where", "to", "--user", "ana"], {
      answer: () => Response.json(ANSWER),
    });
    expect(code).toBe(0);
    expect(out).toBe(`1.  0.80  2025-03-01  Ana
    Ana wants to fly to Lisbon in May
    Matches “Lisbon”; found by 2 sources.

1 result · confidence 0.93 · path smart · 7.4 ms · without session (deadline)`);
  });

  it("marks matches and dims reasons where colour is wanted, within the columns of the terminal", async () => {
    const terminal = { colour: true, width: 34, outIsTty: true };
    const { out } = await run(["recall", "x"], { answer: () => Response.json(ANSWER), terminal });
    expect(out).toContain("    Ana wants to fly to \u001B[1;33mLisbon\u001B[0m in\n    May\n");
    expect(out).toContain("    \u001B[2mMatches “Lisbon”; found by 2\u001B[0m\n    \u001B[2msources.\u001B[0m");
  });

  it("prints the API's JSON and nothing else with --json", async () => {
    const { out } = await run(["recall", "x", "--json"], { answer: () => Response.json(ANSWER) });
    expect(JSON.parse(out)).toEqual(ANSWER);
  });

  it("says so when there is nothing", async () => {
    const { out } = await run(["recall", "x", "-u", "bo"], { answer: () => Response.json({ ...ANSWER, results: [] }) });
    expect(out).toContain("Nothing was found in the memories of user bo at http://nexus.test.");
  });
});

describe("remember", () => {
  it("sends words, or standard input, with what the options say", async () => {
    const sent: unknown[] = [];
    const answer = (_url: string, body: unknown) => {
      sent.push(body);
      const results = [{ id: "m1", event: sent.length === 1 ? "added" : "unchanged", relatedId: null, error: null }];
      return Response.json({ results, consistency: null, projected: true });
    };
    const first = await run(["remember", "I", "like", "tea", "-u", "me", "-m", "n=1", "--speaker", "Ana"], { answer });
    expect(first.out).toBe("Remembered as m1");
    const readInput = async () => new TextEncoder().encode("two\nlines\n");
    const second = await run(["remember", "-", "--external-id", "e1"], { answer, terminal: { readInput } });
    expect(second.out).toBe("Already known as m1");
    expect(sent).toEqual([
      { content: "I like tea", userId: "me", metadata: { n: 1 }, speaker: "Ana" },
      { content: "two\nlines", externalId: "e1" },
    ]);
  });
});

describe("import", () => {
  it("names bad rows with their lines, goes on, and ends with 1", async () => {
    const readInput = async () => new TextEncoder().encode('{"content":"a"}\n{"content":" "}\n{"content":"b"}\n');
    const { code, out, err } = await run(["import", "-", "-u", "me"], {
      terminal: { readInput },
      answer: (url, body) => {
        if (url !== "/api/memories") return Response.json({});
        const { memories } = body as { memories: { content: string }[] };
        expect(memories).toEqual([
          { userId: "me", content: "a" },
          { userId: "me", content: "b" },
        ]);
        const results = memories.map((_, i) => ({ id: `m${i}`, event: "added", relatedId: null, error: null }));
        return Response.json({ results, consistency: null, projected: true }, { status: 201 });
      },
    });
    expect(code).toBe(1);
    expect(err).toContain("nexus: line 2: content must have some text (import.row)");
    expect(out).toMatch(/^Imported standard input into http:\/\/nexus\.test: 2 memories in .* s; 1 refused\.$/);
  });

  it("stops at once when the key is refused, and says how far it came", async () => {
    const readInput = async () => new TextEncoder().encode("Ana: hi\nBen: hello");
    const { code, err } = await run(["import", "-"], {
      terminal: { readInput },
      answer: () => Response.json({ code: "auth.invalid", detail: "[nexus] no such key" }, { status: 401 }),
    });
    expect(code).toBe(1);
    expect(err).toBe("Stopped after 0 of 2; run the same command again to go on.\nnexus: no such key (auth.invalid)");
  });

  it("says what it would import with --dry-run, and connects to nothing", async () => {
    const readInput = async () =>
      new TextEncoder().encode("[2025-03-01 18:30] Ana: hi\n\n[2025-03-02 10:00] Ben: hello");
    const connectError = new Error("must not connect");
    const { code, out } = await run(["import", "-", "--dry-run", "-s", "trip"], {
      terminal: { readInput },
      connectError,
    });
    expect(code).toBe(0);
    expect(out).toBe(`standard input is a chat transcript. Nothing was imported; this would be:
  memories  2
  users     none; give --user
  sessions  trip-1, trip-2
  speakers  Ana, Ben
  dates     2025-03-01 to 2025-03-02`);
  });

  it("refuses a missing file, a folder and what it cannot read as import.format", async () => {
    for (const path of ["/no/such/file", "/tmp"]) {
      expect(await run(["import", path])).toMatchObject({
        code: 1,
        err: expect.stringContaining("(import.format)") as string,
      });
    }
  });
});
