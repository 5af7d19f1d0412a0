/** JSON from bytes, with what JSON.parse lets through and no store should hold. */

import { NexusError } from "@nexus/core";

/** Nothing that a route takes is nested deeper; a bound keeps every later recursion safe. */
const DEEPEST = 64;

const LONGEST_PATH = 200;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** throws  `body.encoding` for invalid UTF-8 and lone surrogates, `body.malformed` for bad JSON, `body.invalid` for NUL and for depth */
export function checkedJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  // Only an escape can bring in what the decoder refuses, so most bodies are never searched.
  const fault = findFault(value, 1, text.includes("\\u"));
  if (!fault) return value;
  const path = fault.steps.reverse().join(".").slice(0, LONGEST_PATH);
  const problems = [{ path, message: fault.message }];
  throw new NexusError(fault.code, `[nexus/http] ${path}: ${fault.message}`, { problems });
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new NexusError("body.encoding", "[nexus/http] the body is not valid UTF-8", { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the body, so neither it nor the error may go any further.
    const seen = text.trim() === "" ? "the body is empty" : "the body is not valid JSON";
    throw new NexusError("body.malformed", `[nexus/http] ${seen}; send a JSON object`);
  }
}

interface Fault {
  readonly code: "body.encoding" | "body.invalid";
  readonly message: string;
  /** The path, innermost step first: built on the way out, so that good bodies cost nothing for it. */
  readonly steps: string[];
}

function findFault(value: unknown, depth: number, searchTexts: boolean): Fault | undefined {
  if (typeof value === "string") return searchTexts ? textFault(value) : undefined;
  if (value === null || typeof value !== "object") return undefined;
  if (depth > DEEPEST) return { code: "body.invalid", message: `is nested deeper than ${DEEPEST} levels`, steps: [] };
  for (const key in value) {
    const inKey = searchTexts ? textFault(key) : undefined;
    if (inKey) return inKey;
    const inside = findFault((value as Record<string, unknown>)[key], depth + 1, searchTexts);
    if (inside) return { ...inside, steps: [...inside.steps, key] };
  }
  return undefined;
}

function textFault(text: string): Fault | undefined {
  if (!text.isWellFormed()) return { code: "body.encoding", message: "has half of a surrogate pair", steps: [] };
  return text.includes("\0") ? { code: "body.invalid", message: "has the character NUL", steps: [] } : undefined;
}
