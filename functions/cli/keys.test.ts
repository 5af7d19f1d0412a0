/** `nexus keys` */

import { describe, expect, it } from "vitest";
import { run } from "./cli-fixture.ts";

const key = {
  id: "3f2a9c41d07b5e88",
  name: "backend",
  scopes: ["read", "write"],
  ratePerMinute: 60,
  createdAt: "2026-05-01T10:00:00.000Z",
  expiresAt: null,
  revokedAt: null,
  readOnly: false,
};

describe("keys", () => {
  it("create prints the key alone on standard output, and what it is beside it", async () => {
    const sent: unknown[] = [];
    const { code, out, err } = await run(
      [
        "keys",
        "create",
        "--name",
        "backend",
        "--scope",
        "read",
        "--scope",
        "write",
        "--rate",
        "60",
        "--expires",
        "2027-01-01",
      ],
      {
        answer: (path, body) => {
          sent.push(path, body);
          return Response.json({ ...key, key: "nx_live_secret" }, { status: 201 });
        },
      },
    );
    expect(sent).toEqual([
      "/api/keys",
      { name: "backend", scopes: ["read", "write"], ratePerMinute: 60, expiresAt: "2027-01-01" },
    ]);
    expect({ code, out }).toEqual({ code: 0, out: "nx_live_secret" });
    expect(err).toBe("Key 3f2a9c41d07b5e88 (backend, read+write). It is shown this once:");
  });

  it("list prints a line a key over all pages", async () => {
    const configured = { ...key, id: "0000000000000000", name: "NEXUS_API_KEYS", createdAt: null, readOnly: true };
    const revoked = { ...key, id: "ffffffffffffffff", name: "old", revokedAt: "2026-06-01T00:00:00.000Z" };
    const { out } = await run(["keys", "list"], {
      answer: (_path, _body, { search }) =>
        search.includes("cursor=3f2a9c41d07b5e88")
          ? Response.json({ items: [revoked], nextCursor: null })
          : Response.json({ items: [configured, key], nextCursor: key.id }),
    });
    expect(out).toBe(`0000000000000000  NEXUS_API_KEYS  read+write  60/min  of the configuration
3f2a9c41d07b5e88  backend         read+write  60/min  made 2026-05-01
ffffffffffffffff  old             read+write  60/min  revoked 2026-06-01`);
  });

  it("revoke names what it revoked", async () => {
    const { out } = await run(["keys", "revoke", key.id], {
      answer: (path, _body, { method }) => {
        expect(`${method} ${path}`).toBe(`DELETE /api/keys/${key.id}`);
        return Response.json({ ...key, revokedAt: "2026-06-01T00:00:00.000Z" });
      },
    });
    expect(out).toBe("Revoked 3f2a9c41d07b5e88 (backend).");
  });

  it.each([
    [["keys"], "say list, create or revoke"],
    [["keys", "revoke"], "the id of the key is missing"],
    [["keys", "create", "--scope", "read"], "--name is missing"],
    [["keys", "create", "--name", "x"], "--scope is missing"],
    [["keys", "create", "--name", "x", "--scope", "fly"], "--scope must be one of"],
    [["keys", "list", "x", "y"], 'what is "y"?'],
  ])("%j is a usage error", async (argv, message) => {
    const { code, err } = await run(argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
