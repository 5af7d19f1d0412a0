import { NexusError, systemRandom } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { generateApiKey } from "./api-key-format.ts";
import { createKeyring, knownKey, parseApiKeys } from "./api-keys.ts";

const rights = { tenant: "default", grants: ["read"], ratePerMinute: 60 } as const;
const options = { ratePerMinute: 60 };

describe("keys", () => {
  it("generated keys have the documented form and are all different", () => {
    const keys = new Set(Array.from({ length: 100 }, () => generateApiKey(systemRandom, "test")));
    expect(keys.size).toBe(100);
    for (const key of keys) expect(key).toMatch(/^nx_test_[0-9a-f]{16}_[0-9a-f]{64}_[0-9a-f]{8}$/);
  });

  it("the check sum is CRC-32", () => {
    const zeros = { bytes: (target: Uint8Array<ArrayBuffer>) => target.fill(0) };
    expect(generateApiKey(zeros)).toBe(`nx_live_${"0".repeat(16)}_${"0".repeat(64)}_6561f35e`);
  });

  it("a keyring finds a key by itself alone, and keeps its hash only", async () => {
    const key = generateApiKey(systemRandom);
    const entry = knownKey(key, rights);
    const lookUp = createKeyring([entry]);
    expect(await lookUp(key)).toMatchObject({ tenant: "default", keyId: key.split("_")[2], grants: ["read"] });
    expect(await lookUp(`${key} `)).toBeUndefined();
    expect(await lookUp(generateApiKey(systemRandom))).toBeUndefined();
    expect(JSON.stringify(entry)).not.toContain(key.split("_")[3]);
  });

  it("any one changed character is noticed", async () => {
    const key = generateApiKey(systemRandom);
    const lookUp = createKeyring([knownKey(key, rights)]);
    for (let i = 0; i < key.length; i++) {
      const other = key.slice(0, i) + (key[i] === "0" ? "1" : "0") + key.slice(i + 1);
      expect(await lookUp(other)).toBeUndefined();
    }
  });
});

describe("NEXUS_API_KEYS", () => {
  it("reads keys of any form with tenant and scopes", async () => {
    const entries = parseApiKeys("0123456789abcdef:acme:read+write, another-key-of-mine:b.c_d-1:admin", options);
    expect(entries.map(({ tenant, grants }) => [tenant, grants])).toEqual([
      ["acme", ["read", "write"]],
      ["b.c_d-1", ["admin"]],
    ]);
    expect(await createKeyring(entries)("another-key-of-mine")).toMatchObject({ tenant: "b.c_d-1" });
  });

  it.each(["_", "_t", "", "a b"])("refuse the tenant %j: the product keeps its own rows under _", (tenant) => {
    expect(() => parseApiKeys(`0123456789abcdef:${tenant}:admin`, options)).toThrow("must be 1 to 64");
  });

  it("reports every problem by position, and no key", () => {
    const misspelt = generateApiKey(systemRandom).replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    const text = `short:acme:read,0123456789abcdef:_t:read+fly,0123456789abcdef:acme:read,onlyakeywithnothing,${misspelt}:a:read`;
    let error: unknown;
    try {
      parseApiKeys(text, options);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(NexusError);
    const { code, problems, message } = error as NexusError;
    expect(code).toBe("config.invalid");
    expect(problems.map(({ path }) => path.slice("NEXUS_API_KEYS.".length)).join(" ")).toBe("0 1 1 2 3 3 3 4");
    expect(message).not.toContain("0123456789abcdef");
  });
});
