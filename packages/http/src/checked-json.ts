/** JSON from bytes, with what JSON.parse lets through and no store should hold. */

import { NexusError } from "@nexus/core";

/** Nothing that a route takes is nested deeper; a bound keeps every later recursion safe. */
const DEEPEST = 64;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** throws  `body.encoding` for invalid UTF-8 and lone surrogates, `body.malformed` for bad JSON, `body.invalid` for NUL and for depth */
export function checkedJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  // Only an escape can bring in what the decoder refuses, so most bodies are never searched.
  check(value, "", 1, text.includes("\\u"));
  return value;
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

function check(value: unknown, path: string, depth: number, strings: boolean): void {
  if (typeof value === "string") {
    if (strings) checkText(value, path);
    return;
  }
  if (value === null || typeof value !== "object") return;
  if (depth > DEEPEST) throw invalid("body.invalid", path.slice(0, 100), `is nested deeper than ${DEEPEST} levels`);
  const isList = Array.isArray(value);
  for (const key of Object.keys(value)) {
    const here = path === "" ? key : `${path}.${key}`;
    if (strings && !isList) checkText(key, path);
    check((value as Record<string, unknown>)[key], here, depth + 1, strings);
  }
}

function checkText(text: string, path: string): void {
  if (!text.isWellFormed()) throw invalid("body.encoding", path, "has half of a surrogate pair");
  if (text.includes("\0")) throw invalid("body.invalid", path, "has the character NUL");
}

function invalid(code: "body.encoding" | "body.invalid", path: string, message: string): NexusError {
  return new NexusError(code, `[nexus/http] ${path}: ${message}`, { problems: [{ path, message }] });
}
