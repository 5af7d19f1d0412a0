/** The made cases of the intelligence engine: memories of one domain, and a question of another that they help with, asked twice. */

import { readFileSync } from "node:fs";

export interface CrossDomainCase {
  readonly id: string;
  readonly domain: string;
  readonly memories: readonly string[];
  readonly questionDomain: string;
  readonly first: string;
  readonly later: string;
}

export function crossDomainCases(): CrossDomainCase[] {
  const text = readFileSync(new URL("data/cross-domain.txt", import.meta.url), "utf8");
  return text
    .split(/^= /mu)
    .slice(1)
    .map((block) => {
      const lines = block.trim().split("\n");
      const [id = "", domain = ""] = (lines[0] ?? "").split(" ");
      const after = (mark: string): string[] =>
        lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(2));
      const [asked = ""] = after("?");
      const space = asked.indexOf(" ");
      return {
        id,
        domain,
        memories: after("-"),
        questionDomain: asked.slice(0, space),
        first: asked.slice(space + 1),
        later: after("!")[0] ?? "",
      };
    });
}
