import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { decodeToken, encodeToken } from "./consistency.ts";
import { equalBytes, seal, type Sign, unseal } from "./sealed.ts";

/** A small keyed checksum of 32 bytes: enough to tell messages and secrets apart. */
function signer(secret: string): Sign {
  return (message) => {
    const bytes = new Uint8Array(32);
    const text = `${secret}\u0001${message}`;
    let state = 0x811c9dc5;
    for (let i = 0; i < text.length * 2 || i < 64; i++) {
      state = Math.imul(state ^ text.charCodeAt(i % text.length), 0x01000193) >>> 0;
      bytes[i % 32] = (bytes[i % 32] ?? 0) ^ (state >>> 24);
    }
    return bytes;
  };
}

const sign = signer("current");
const seen = [
  { partition: "ana", seq: 7 },
  { partition: "_", seq: 123_456 },
  { partition: "😀 \u00e9 \ufffd", seq: 1 },
];
const INVALID = expect.objectContaining({ code: "consistency.invalid", status: 400 }) as unknown;

function refused(token: string, tenant = "a", signers: readonly Sign[] = [sign]): unknown {
  try {
    return decodeToken(tenant, token, signers);
  } catch (error) {
    return error;
  }
}

describe("a consistency token", () => {
  it("comes back as it was made", () => {
    const token = encodeToken("a", seen, sign);
    expect(token).toMatch(/^cv1\.[\w-]+$/);
    expect(decodeToken("a", token, [sign])).toEqual(seen);
  });

  it("of 16 partitions is the largest", () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => ({ partition: `u${i}`, seq: i }));
    expect(decodeToken("a", encodeToken("a", many(16), sign), [sign])).toHaveLength(16);
    expect(refused(encodeToken("a", many(17), sign))).toEqual(INVALID);
  });

  it("is worthless to another tenant and for another purpose", () => {
    expect(refused(encodeToken("a", seen, sign), "b")).toEqual(INVALID);
    expect(refused(`cv1.${seal(sign, "a", "jobs", [["ana", 7]])}`)).toEqual(INVALID);
  });

  it("outlives a rotation of the secret while the old one is known", () => {
    const token = encodeToken("a", seen, signer("old"));
    expect(decodeToken("a", token, [sign, signer("old")])).toEqual(seen);
    expect(refused(token)).toEqual(INVALID);
  });

  it("is refused at every truncation, and with every single bit changed", () => {
    const token = encodeToken("a", seen, sign);
    for (let length = 0; length < token.length; length++) expect(refused(token.slice(0, length))).toEqual(INVALID);
    const bytes = fromBase64Url(token.slice(4)) ?? new Uint8Array();
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const forged = bytes.slice();
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(refused(`cv1.${toBase64Url(forged)}`)).toEqual(INVALID);
    }
  });

  it("has one form: a byte-order mark or a broken byte in it is refused", () => {
    const bytes = fromBase64Url(encodeToken("a", seen, sign).slice(4)) ?? new Uint8Array();
    const marked = new Uint8Array([...bytes.subarray(0, 16), 0xef, 0xbb, 0xbf, ...bytes.subarray(16)]);
    expect(refused(`cv1.${toBase64Url(marked)}`)).toEqual(INVALID);
    const at = bytes.findIndex((byte, i) => byte === 0xef && bytes[i + 1] === 0xbf);
    const broken = new Uint8Array([...bytes.subarray(0, at), 0xff, ...bytes.subarray(at + 3)]);
    expect(refused(`cv1.${toBase64Url(broken)}`)).toEqual(INVALID);
  });

  it.each([
    null,
    7,
    {},
    [7],
    [["ana"]],
    [["ana", "7"]],
    [["ana", 7, 8]],
    [[7, "ana"]],
    [["ana", 1.5]],
    [["ana", null]],
  ])("that is genuine but holds %j is refused", (value) => {
    expect(refused(`cv1.${seal(sign, "a", "consistency", value)}`)).toEqual(INVALID);
  });

  it("is refused, never another error, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.base64String()), fc.boolean(), (text, prefixed) => {
        expect(refused(prefixed ? `cv1.${text}` : text)).toEqual(INVALID);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a sealed value", () => {
  it("comes back for its tenant and purpose alone", () => {
    const text = seal(sign, "a", "list", { newest: -5, shown: ["x"] });
    expect(unseal([sign], "a", "list", text)).toEqual({ newest: -5, shown: ["x"] });
    expect(unseal([sign], "b", "list", text)).toBeUndefined();
    expect(unseal([sign], "a", "jobs", text)).toBeUndefined();
    expect(unseal([], "a", "list", text)).toBeUndefined();
  });

  it("keeps tenant and purpose apart wherever one ends and the other begins", () => {
    const text = seal(sign, "ab", "c", 1);
    expect(unseal([sign], "b", "ca", text)).toBeUndefined();
    expect(unseal([sign], "a", "cb", text)).toBeUndefined();
  });
});

describe("bytes", () => {
  it("are equal only when all are, lengths included", () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
  });
});
