import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemRandom } from "./clock.ts";
import { createIds, formatUuid, isUuid } from "./ids.ts";

const clockAt = (now: number) => ({ now: () => now, monotonic: () => now });

describe("ids", () => {
  it("are UUIDv7 in lower case, their first 48 bits the clock's milliseconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (now) => {
        const id = createIds(clockAt(now), systemRandom).next();
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(now);
        expect(isUuid(id)).toBe(true);
      }),
    );
  });

  it("differ, 10,000 of them in one millisecond", () => {
    const ids = createIds(clockAt(1_795_000_000_000), systemRandom);
    expect(new Set(Array.from({ length: 10_000 }, () => ids.next())).size).toBe(10_000);
  });

  it("take all bits but time, version and variant from chance", () => {
    const ids = createIds(clockAt(0), { bytes: (target) => target.fill(0xff) });
    expect(ids.next()).toBe("00000000-0000-7fff-bfff-ffffffffffff");
  });
});

describe("a UUID is written", () => {
  it("with version and variant set, as RFC 9562 has its example of version 7", () => {
    const bytes = Uint8Array.from("017f22e279b00cc318c4dc0c0c07398f".match(/../g) ?? [], (pair) =>
      Number.parseInt(pair, 16),
    );
    expect(formatUuid(bytes, 7)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  });

  it("from the first 16 bytes, here of the SHA-1 of RFC 9562's example of version 5", () => {
    const sha1 = "2ed6657de927468b55e12665a8aea6a22dee3e35";
    const bytes = Uint8Array.from(sha1.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    expect(formatUuid(bytes, 5)).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  });
});

it.each([
  ["0190a8c0-0000-7000-8000-000000000000", true],
  ["0190A8C0-0000-4000-8000-00000000ABCD", true],
  ["00000000-0000-0000-0000-000000000000", true],
  ["0190a8c0000070008000000000000000", false],
  ["0190a8c0-0000-7000-8000-00000000000", false],
  ["{0190a8c0-0000-7000-8000-000000000000}", false],
  ["0190a8c0-0000-7000-8000-00000000000g", false],
  ["0190a8c0-0000-7000-8000-000000000000\n", false],
  ["", false],
])("%j is a UUID: %s", (text, expected) => {
  expect(isUuid(text)).toBe(expected);
});
