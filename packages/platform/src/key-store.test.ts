/** Keys as rows of the embedded record store. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexusError, systemRandom, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { embeddedUrl, openSurrealRecords } from "@nexus/stores/node";
import { afterAll, describe, expect, it } from "vitest";
import { knownKey } from "./api-keys.ts";
import { createCredentials } from "./credentials.ts";
import { createKeyStore, type NewKey } from "./key-store.ts";
import { createSigner } from "./signatures.ts";
import { createUserTokens } from "./user-tokens.ts";

const time = { now: Date.parse("2026-05-01T10:00:00Z") };
const clock = { now: () => time.now, monotonic: () => time.now };
const directory = await mkdtemp(join(tmpdir(), "nexus-keys-"));
const records = await openSurrealRecords({ url: embeddedUrl(join(directory, "records")), clock });
afterAll(async () => {
  await records.close();
  await rm(directory, { recursive: true, force: true });
});
const [scope] = systemScopes("keys", ["_"]) as [TenantScope];
const open = (over = records) => createKeyStore({ records: over, scope, clock, random: systemRandom });
const store = open();
const request: NewKey = { name: "backend", scopes: ["read", "write"], ratePerMinute: 60 };

describe("a stored key", () => {
  it("is verified, and no row, answer or list of it holds the secret", async () => {
    const { row, key } = await store.create("t1", request);
    expect(key).toMatch(new RegExp(`^nx_live_${row.id}_[0-9a-f]{64}_[0-9a-f]{8}$`));
    expect(await store.verify(key)).toEqual({
      keyId: row.id,
      tenant: "t1",
      grants: ["read", "write"],
      ratePerMinute: 60,
    });
    expect(await open().verify(key)).toMatchObject({ tenant: "t1" });
    const secret = key.split("_")[3] ?? "";
    const kept = JSON.stringify([row, await store.find("t1", row.id), await store.list("t1", { limit: 10 })]);
    expect(kept).not.toContain(secret);
  });

  it("with another secret, or another tenant asking for it, is unknown", async () => {
    const [first, second] = [await store.create("t2", request), await store.create("t2", request)];
    const forged = first.key.replace(first.row.id, second.row.id);
    expect(await store.verify(forged)).toBeUndefined();
    expect(await store.find("t3", first.row.id)).toBeUndefined();
    expect(await store.revoke("t3", first.row.id)).toBeUndefined();
    expect(await store.isActive("t3", first.row.id)).toBe(false);
    expect(await store.verify(first.key)).toBeDefined();
  });

  it("revoked stops at once here, and elsewhere within 60 s", async () => {
    const elsewhere = open();
    const { row, key } = await store.create("t1", request);
    expect(await elsewhere.verify(key)).toBeDefined();
    await store.revoke("t1", row.id);
    expect(await store.verify(key)).toBeUndefined();
    expect(await store.isActive("t1", row.id)).toBe(false);
    time.now += 59_999;
    expect(await elsewhere.verify(key)).toBeDefined();
    time.now += 1;
    expect(await elsewhere.verify(key)).toBeUndefined();
  });

  it("revoked twice keeps the time of the first", async () => {
    const { row } = await store.create("t1", request);
    const first = await store.revoke("t1", row.id);
    time.now += 5_000;
    expect((await store.revoke("t1", row.id))?.revokedAt).toEqual(first?.revokedAt);
  });

  it("is auth.expired after its end, though its row is remembered", async () => {
    const { key } = await store.create("t1", { ...request, expiresAt: new Date(clock.now() + 10_000) });
    expect(await store.verify(key)).toBeDefined();
    time.now += 10_000;
    await expect(store.verify(key)).rejects.toThrow(NexusError);
    await expect(store.verify(key)).rejects.toMatchObject({ code: "auth.expired" });
  });

  it("made elsewhere after it was asked for in vain is known after 10 s", async () => {
    const { row, key } = await store.create("t1", request);
    const elsewhere = open({
      ...records,
      reader: (asked) => {
        const reader = records.reader(asked);
        return { ...reader, get: (table, keys) => (isMade ? reader.get(table, keys) : Promise.resolve([undefined])) };
      },
    });
    let isMade = false;
    expect(await elsewhere.verify(key)).toBeUndefined();
    isMade = true;
    time.now += 9_999;
    expect(await elsewhere.verify(key)).toBeUndefined();
    time.now += 1;
    expect(await elsewhere.verify(key)).toMatchObject({ keyId: row.id });
  });

  it("is listed with its tenant's alone, page by page in the order of ids", async () => {
    const made = [];
    for (let i = 0; i < 7; i++) {
      made.push((await store.create("pages", { ...request, name: `key ${i}` })).row.id);
      await store.create("others", request);
    }
    const listed: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await store.list("pages", { limit: 3, after });
      listed.push(...page.map(({ id }) => id));
      after = page.at(-1)?.id;
      if (page.length < 3) break;
    }
    expect(listed).toEqual(made.toSorted());
    // A cursor of another tenant leads nowhere but into one's own keys.
    const foreign = await store.list("others", { limit: 100, after: listed[0] });
    expect(foreign.every(({ tenant }) => tenant === "others")).toBe(true);
  });
});

describe("credentials", () => {
  const tokens = createUserTokens({ signers: createSigner([new Uint8Array(32).fill(3)]).verifiers, clock });
  const rights = { tenant: "t1", grants: ["admin"], ratePerMinute: 1_000 } as const;
  const configured = knownKey("a-key-of-the-operator", rights);
  const credentials = createCredentials({
    fixed: [configured],
    fixedName: "NEXUS_API_KEYS",
    store,
    tokens,
    userRatePerMinute: 7,
  });
  const tokenOf = (issuer: string, tenant = "t1") =>
    tokens.issue({ tenant, subject: { userId: "u1" }, grants: ["read"], issuer, expiresAt: clock.now() + 60_000 });

  it("are configured keys, stored keys and user tokens", async () => {
    const { key, view } = await credentials.create("t1", request);
    expect(await credentials.verify("a-key-of-the-operator")).toMatchObject({ ...rights, keyId: configured.keyId });
    expect(await credentials.verify(key)).toMatchObject({ keyId: view.id });
    expect(await credentials.verify(tokenOf(view.id))).toMatchObject({
      tenant: "t1",
      subject: { userId: "u1" },
      grants: ["read"],
      ratePerMinute: 7,
    });
    expect(await credentials.verify("something else")).toBeUndefined();
  });

  it("of a token end with the key that asked for it", async () => {
    const { view } = await credentials.create("t1", request);
    const token = tokenOf(view.id);
    expect(await credentials.verify(token)).toBeDefined();
    await credentials.revoke("t1", view.id);
    expect(await credentials.verify(token)).toBeUndefined();
    expect(await credentials.verify(tokenOf(configured.keyId))).toBeDefined();
    expect(await credentials.verify(tokenOf(configured.keyId, "t2"))).toBeUndefined();
  });

  it("of the configuration are listed first, read-only, and to their tenant alone", async () => {
    const [first, ...rest] = await credentials.list("t1", { limit: 100 });
    expect(first).toMatchObject({ id: configured.keyId, name: "NEXUS_API_KEYS", readOnly: true });
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.every(({ readOnly }) => !readOnly)).toBe(true);
    expect(await credentials.list("nobody", { limit: 100 })).toEqual([]);
    expect(await credentials.find("t2", configured.keyId)).toBeUndefined();
  });
});
