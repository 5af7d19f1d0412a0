/** `nexus erase` */

import { describe, expect, it } from "vitest";
import { run } from "./cli-fixture.ts";

const receipt = {
  jobId: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
  subjectHmac: "00",
  stores: {
    memory: { deleted: 1_200, remaining: 0 },
    pattern: { deleted: 0, remaining: 0 },
    blobs: { deleted: 2, remaining: 0 },
  },
  residue: 0,
  requestedAt: "2026-05-01T10:00:00.000Z",
  completedAt: "2026-05-01T10:00:09.000Z",
  backupsAgeOutAt: "2026-05-31T10:00:09.000Z",
};

/** A server whose job is done the second time that it is asked for. */
function server() {
  const asked: string[] = [];
  const job = {
    id: receipt.jobId,
    kind: "erase",
    status: "running",
    progress: { done: 600, total: 1_200 },
    result: null,
    error: null,
  };
  const answer = (path: string, _body: unknown, { method }: { method: string }) => {
    asked.push(`${method} ${path}`);
    if (method === "DELETE") return Response.json({ job }, { status: 202 });
    return Response.json(asked.length < 3 ? job : { ...job, status: "done", result: receipt });
  };
  return { asked, answer };
}

describe("erase", () => {
  it("waits for the job and prints the receipt", async () => {
    const { asked, answer } = server();
    const { code, out } = await run(["erase", "ana/b", "--yes"], { answer });
    expect(asked).toEqual([
      "DELETE /api/users/ana%2Fb",
      `GET /api/jobs/${receipt.jobId}`,
      `GET /api/jobs/${receipt.jobId}`,
    ]);
    expect(code).toBe(0);
    expect(out).toBe(`Erased user ana/b from http://nexus.test.
  memory        1,200 removed
  blobs         2 removed
  left          nothing
  completed     2026-05-01T10:00:09.000Z
  back-ups      gone from them by 2026-05-31
  receipt       0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b`);
    expect(JSON.parse((await run(["erase", "ana", "-y", "--json"], { answer: server().answer })).out)).toEqual(receipt);
  });

  it("asks first, and does nothing unless the user's id is typed", async () => {
    for (const typed of ["", "y", "Ana"]) {
      const { asked, answer } = server();
      const ask = async (question: string) => {
        expect(question).toContain("Type ana to go on");
        return typed;
      };
      expect(await run(["erase", "ana"], { answer, terminal: { ask } })).toMatchObject({
        code: 1,
        err: "Nothing was erased.",
      });
      expect(asked).toEqual([]);
    }
    const meant = await run(["erase", "ana"], { answer: server().answer, terminal: { ask: async () => "ana" } });
    expect(meant.code).toBe(0);
  });

  it("where nobody can be asked wants --yes", async () => {
    const { asked, answer } = server();
    const { code, err } = await run(["erase", "ana"], { answer });
    expect([code, asked]).toEqual([2, []]);
    expect(err).toContain("give --yes");
  });

  it.each([[""], ["  "], []])("wants a user: %j is none", async (...users) => {
    const { asked, answer } = server();
    const { code, err } = await run(["erase", ...users, "--yes"], { answer });
    expect([code, asked]).toEqual([2, []]);
    expect(err).toContain("the user is missing");
  });
});
