import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KEYS } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { BLOB_PLACES, CACHE_PLACES, TABLE_PLACES } from "./registry.ts";

const packages = new URL("../../..", import.meta.url).pathname;

const sources = readdirSync(packages, { recursive: true, withFileTypes: true })
  .filter(({ name }) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.endsWith("-fixture.ts"))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => file.includes("/src/") && !file.includes("node_modules"))
  .filter((file) => !file.endsWith("erase/registry.ts"))
  .map((file) => ({ file, text: readFileSync(file, "utf8") }));

/** Prefixes of templates such as `qw:${…}` that are no keys of a cache, and where they stand. Purposes of cursors are none either. */
const OTHERS: Readonly<Record<string, string>> = {
  "e:": "engines/topics.ts",
  "w:": "engines/topics.ts",
  "entity:": "engines/learning.ts",
  "topic:": "engines/learning.ts",
  "speaker:": "engines/learning.ts",
  "domain:": "engines/learning.ts",
};

function found(pattern: RegExp): { readonly prefix: string; readonly file: string }[] {
  return sources.flatMap(({ file, text }) => [...text.matchAll(pattern)].map(([, prefix = ""]) => ({ prefix, file })));
}

describe("the erasure registry", () => {
  it("has every table, and no other", () => {
    expect(Object.keys(TABLE_PLACES).sort()).toEqual(Object.keys(KEYS).sort());
  });

  it("has every kind of cache key that the packages make, and no other", () => {
    expect(sources.length).toBeGreaterThan(150);
    const prefixes = found(/(?<!purpose = )`([a-z]+:)\$\{/g).filter(
      ({ prefix, file }) => !OTHERS[prefix] || !file.endsWith(OTHERS[prefix]),
    );
    expect([...new Set(prefixes.map(({ prefix }) => prefix))].sort()).toEqual(Object.keys(CACHE_PLACES).sort());
  });

  it("has every kind of blob key that the memory service makes, and no other", () => {
    const users = sources.filter(({ file, text }) => file.includes("/memory/src/") && /\bblobs\b/.test(text));
    expect(users.length).toBeGreaterThan(2);
    const prefixes = users.flatMap(({ text }) =>
      [...text.matchAll(/["`]([a-z]+\/)["`$]/g)].map(([, prefix = ""]) => prefix),
    );
    expect([...new Set(prefixes)].sort()).toEqual(Object.keys(BLOB_PLACES).sort());
  });

  it("says of each place why", () => {
    const places = [TABLE_PLACES, CACHE_PLACES, BLOB_PLACES].flatMap((all) => Object.values(all));
    expect(places.filter(({ why }) => why.length < 10)).toEqual([]);
  });
});
