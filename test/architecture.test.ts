/** The allowed-imports table of the README's layout, read off the sources. A gate that sees nothing fails. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, it } from "vitest";

const root = new URL("..", import.meta.url).pathname;

/** What each package may import of the workspace. Absent means forbidden. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  platform: ["core"],
  protocol: ["core"],
  kernels: ["core"],
  index: ["core", "kernels"],
  text: ["core"],
  embed: ["core", "platform", "kernels", "text"],
  router: ["core", "text"],
  stores: ["core", "platform", "index"],
  memory: ["core", "platform", "text", "router", "kernels"],
  http: ["core", "platform", "protocol", "memory"],
  client: ["protocol"],
};

/** Who may make a TenantScope. */
const AUTHORITY = new Set(["http", "recovery"]);

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = sources("packages");
const imports = files.flatMap(importsOf);
const production = imports.filter(({ file }) => !file.endsWith(".test.ts"));

describe("architecture", () => {
  it("is judged on all packages and at least 150 files", () => {
    expect(new Set(files.map(packageOf))).toEqual(new Set(Object.keys(ALLOWED)));
    expect(files.length).toBeGreaterThanOrEqual(150);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  it("lets each package import only what the table allows", () => {
    const forbidden = production.flatMap(({ file, specifier, typeOnly }) => {
      const target = /^@nexus\/([a-z]+)/.exec(specifier)?.[1];
      if (target === undefined || target === packageOf(file)) return [];
      const allowed = ALLOWED[packageOf(file)]?.includes(target) && (packageOf(file) !== "client" || typeOnly);
      return allowed ? [] : [`${file} imports ${specifier}`];
    });
    expect(forbidden).toEqual([]);
  });

  it("keeps relative imports inside their package", () => {
    const escaping = imports.filter(({ file, specifier }) => {
      if (!specifier.startsWith(".") || specifier.endsWith(".wasm") || file.endsWith(".test.ts")) return false;
      return packageOf(relative(root, resolve(root, dirname(file), specifier))) !== packageOf(file);
    });
    expect(escaping).toEqual([]);
  });

  it("keeps core free of every library, npm's and Node's", () => {
    const foreign = production.filter(
      ({ file, specifier }) => packageOf(file) === "core" && !specifier.startsWith("./"),
    );
    expect(foreign).toEqual([]);
  });

  it("lets only http, recovery and functions make a TenantScope", () => {
    const makers = production
      .filter(({ specifier }) => specifier === "@nexus/core/authority")
      .map(({ file }) => packageOf(file));
    expect(makers.filter((name) => !AUTHORITY.has(name))).toEqual([]);
    expect(makers.length).toBeGreaterThan(0);
  });

  it("confines Node's modules to *.node.ts, reached only through a package's ./node entry", () => {
    const offenders = production.filter(({ file, specifier }) => {
      if (file.endsWith(".node.ts") || file.endsWith(`${sep}node.ts`)) return false;
      return (
        specifier.startsWith("node:") || specifier.endsWith(".node.ts") || /^@nexus\/[a-z]+\/node$/.test(specifier)
      );
    });
    expect(offenders).toEqual([]);
  });

  it("has no cycle between packages", () => {
    const edges = new Map<string, Set<string>>();
    for (const { file, specifier } of production) {
      const target = /^@nexus\/([a-z]+)/.exec(specifier)?.[1];
      if (target && target !== packageOf(file))
        edges.set(packageOf(file), (edges.get(packageOf(file)) ?? new Set()).add(target));
    }
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      [...(edges.get(from) ?? [])].some(
        (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
      );
    expect([...edges.keys()].filter((name) => reaches(name, name))).toEqual([]);
  });

  it("has no file above 400 lines and none with a name that says nothing", () => {
    const long = files.filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > 400);
    expect(long).toEqual([]);
    expect(files.filter((file) => /(?:^|[/-])(?:utils?|helpers?|common|types|misc)\.ts$/.test(file))).toEqual([]);
  });

  it("shows only the agreed names at the top", () => {
    const agreed = [
      "functions",
      "infra",
      "package-lock.json",
      "package.json",
      "packages",
      "sst.config.ts",
      "test",
      "tsconfig.json",
      "wasm",
    ];
    const documents = ["CHANGELOG.md", "LICENSE", "NOTICE", "README.md"];
    const visible = readdirSync(root).filter((name) => !name.startsWith(".") && name !== "node_modules");
    expect(visible.filter((name) => ![...agreed, ...documents].includes(name))).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes("node_modules"));
}

function packageOf(file: string): string {
  return file.split(sep)[1] ?? "";
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = [
    ...text.matchAll(/^(?:import|export)\s(type\s)?[^;]*?from\s"([^"]+)"/gm),
    ...text.matchAll(/^import\s()"([^"]+)"/gm),
  ];
  const dynamic = [...text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)].map(([, specifier]) => ({
    file,
    specifier: specifier ?? "",
    typeOnly: false,
  }));
  return [
    ...found.map(([, type, specifier]) => ({ file, specifier: specifier ?? "", typeOnly: type !== undefined })),
    ...dynamic,
  ];
}
