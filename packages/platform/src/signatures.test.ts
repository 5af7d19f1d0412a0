import { describe, expect, it } from "vitest";
import { sha256Hex } from "./digest.ts";
import { createSigner } from "./signatures.ts";

const text = (value: string) => new TextEncoder().encode(value);
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

describe("signatures", () => {
  it("match RFC 4231, test case 2, however often they are asked for", () => {
    const { sign } = createSigner([text("Jefe")]);
    for (let i = 0; i < 3; i++) {
      expect(hex(sign("what do ya want for nothing?"))).toBe(
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      );
    }
  });

  it("the first secret signs and every secret verifies", () => {
    const [old, both] = [createSigner([text("old")]), createSigner([text("new"), text("old")])];
    const verifies = (mac: Uint8Array) => both.verifiers.some((verify) => hex(verify("m")) === hex(mac));
    expect(verifies(old.sign("m"))).toBe(true);
    expect(verifies(both.sign("m"))).toBe(true);
    expect(hex(both.sign("m"))).not.toBe(hex(old.sign("m")));
    expect(verifies(createSigner([text("other")]).sign("m"))).toBe(false);
  });
});

it("SHA-256 of a text is that of its UTF-8 bytes", () => {
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(sha256Hex("ü")).toBe(sha256Hex(Uint8Array.from([0xc3, 0xbc])));
});
