import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64Url, toBase64Url } from "./base64url.ts";

describe("base64url", () => {
  it("gives any bytes back, without padding or signs that a URL would escape", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const text = toBase64Url(bytes);
        expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
        expect(fromBase64Url(text)).toEqual(bytes);
      }),
    );
  });

  it("agrees with RFC 4648", () => {
    expect(toBase64Url(new TextEncoder().encode("foobar"))).toBe("Zm9vYmFy");
    expect(toBase64Url(Uint8Array.of(0xfb, 0xff))).toBe("-_8");
  });

  it.each(["QQ==", "Q", "QR", "Zm9=", "+_8", "a b", "Zm9v\n", "é", "-_9"])(
    "refuses %j, which is not canonical",
    (text) => {
      expect(fromBase64Url(text)).toBeUndefined();
    },
  );

  it("every text that it accepts is the one that its bytes give", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{0,12}$/), (text) => {
        const bytes = fromBase64Url(text);
        expect(bytes === undefined || toBase64Url(bytes) === text).toBe(true);
      }),
    );
  });
});
