/** Files that the server itself reads line by line: its own exports, and those of mem0 and Zep. */

import { rowsOfLine } from "@nexus/protocol";

export const PRODUCTS = ["export", "mem0", "zep"] as const;
export type Product = (typeof PRODUCTS)[number];

const OWN = new Set<unknown>(["export", "memory", "entity", "relation", "reference", "feedback"]);
const SAMPLE_LINES = 20;

/** What the first lines of a file, or the whole of a JSON document, are of; undefined for anything else. */
export function productOf(head: string): Product | undefined {
  const document = parsed(head.trim());
  const values = document === undefined ? head.split(/\r?\n/).slice(0, SAMPLE_LINES).map(parsed) : [document];
  for (const value of values) {
    const product = isObject(value) && OWN.has(value["type"]) ? "export" : productOfRow(rowsOfLine(value)[0]);
    if (product) return product;
  }
  return undefined;
}

/** A JSON document over several lines as one row a line; undefined for what is no single document. */
export function linesOfDocument(text: string): string[] | undefined {
  const document = parsed(text.trim());
  return document === undefined ? undefined : rowsOfLine(document).map((row) => JSON.stringify(row));
}

function productOfRow(row: unknown): Product | undefined {
  if (!isObject(row)) return undefined;
  if (typeof row["memory"] === "string") return "mem0";
  const isZep =
    typeof row["uuid"] === "string" && (typeof row["fact"] === "string" || typeof row["content"] === "string");
  return isZep ? "zep" : undefined;
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
