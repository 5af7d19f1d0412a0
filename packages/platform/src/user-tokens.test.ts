import { type Grant, NexusError, toBase64Url } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSigner } from "./signatures.ts";
import { createUserTokens, type UserClaims } from "./user-tokens.ts";

const secret = (byte: number) => new Uint8Array(32).fill(byte);
const time = { now: 1_000_000 };
const clock = { now: () => time.now };
const tokensOf = (...secrets: [Uint8Array, ...Uint8Array[]]) =>
  createUserTokens({ signers: createSigner(secrets).verifiers, clock });
const tokens = tokensOf(secret(1));

const claims: UserClaims = {
  tenant: "t1",
  subject: { userId: "u1" },
  grants: ["read"],
  issuer: "k1",
  expiresAt: time.now + 1_000,
};

const anyClaims = fc.record({
  tenant: fc.string({ minLength: 1 }),
  subject: fc
    .record({
      userId: fc.string({ unit: "grapheme", minLength: 1 }),
      agentId: fc.option(fc.string()),
      sessionId: fc.option(fc.string()),
    })
    .map(({ userId, agentId, sessionId }) => ({
      userId,
      ...(agentId !== null && { agentId }),
      ...(sessionId !== null && { sessionId }),
    })),
  grants: fc.subarray<Grant>(["read", "write", "realtime"]),
  issuer: fc.string(),
  expiresAt: fc.integer({ min: time.now + 1 }),
});

describe("a user token", () => {
  it("gives back the claims that it was issued with, whatever they are", () => {
    fc.assert(
      fc.property(anyClaims, (given) => {
        expect(tokens.read(tokens.issue(given))).toEqual(given);
      }),
    );
  });

  it("with any one character changed is none", () => {
    const token = tokens.issue(claims);
    for (let i = 0; i < token.length; i++) {
      const other = token.slice(0, i) + (token[i] === "A" ? "B" : "A") + token.slice(i + 1);
      expect(tokens.read(other)).toBeUndefined();
    }
    expect(tokens.read(`${token}A`)).toBeUndefined();
    expect(tokens.read(`ut1.${toBase64Url(new Uint8Array(64))}`)).toBeUndefined();
  });

  it("of another secret is none, and both secrets count while one replaces the other", () => {
    const old = tokensOf(secret(2));
    expect(tokens.read(old.issue(claims))).toBeUndefined();
    const rotating = tokensOf(secret(1), secret(2));
    expect(rotating.read(old.issue(claims))).toEqual(claims);
    expect(rotating.read(tokens.issue(claims))).toEqual(claims);
  });

  it("is auth.expired from the millisecond of its end on", () => {
    const token = tokens.issue({ ...claims, expiresAt: time.now + 1 });
    expect(tokens.read(token)).toBeDefined();
    time.now += 1;
    expect(() => tokens.read(token)).toThrow(
      new NexusError("auth.expired", "[nexus/auth] the user token has expired; ask your server for a new one"),
    );
  });
});

describe("a subject's name", () => {
  it("differs between subjects, between what looks alike when joined, between tenants and between secrets", () => {
    const subjects = [
      { userId: "u1" },
      { userId: "u1", agentId: "a" },
      { userId: "u1", sessionId: "a" },
      { userId: "u1a" },
      { userId: 'u1","a' },
    ];
    const names = [
      ...subjects.map((subject) => tokens.nameOf({ tenant: "t1", subject })),
      tokens.nameOf({ tenant: "t2", subject: { userId: "u1" } }),
      tokensOf(secret(2)).nameOf({ tenant: "t1", subject: { userId: "u1" } }),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toMatch(/^ut_[0-9a-f]{16}$/);
    const renewed: UserClaims = { ...claims, issuer: "another", expiresAt: claims.expiresAt + 1 };
    expect(tokens.nameOf(renewed)).toBe(tokens.nameOf(claims));
  });
});
