/** The headers that make a write conditional or repeatable. */

import { canonicalJson, NexusError } from "@nexus/core";
import type { Writer } from "@nexus/memory";
import { sha256Hex } from "@nexus/platform";
import type { AppContext } from "./dependencies.ts";

const VISIBLE_ASCII = /^[!-~]{1,255}$/;

/** Who writes, and under which Idempotency-Key. `content` is all that makes this request what it is, beside its path. */
export function writerOf(c: AppContext, content: unknown): Writer {
  const { scope, keyId } = c.get("principal");
  const key = c.req.header("idempotency-key");
  if (key === undefined) return { scope, keyId };
  if (!VISIBLE_ASCII.test(key)) throw badHeader("idempotency-key", "must be 1 to 255 visible ASCII characters");
  const route = `${c.req.method} ${c.req.path.toLowerCase()}`;
  return { scope, keyId, idempotency: { route, key, bodyHash: sha256Hex(canonicalJson(content)) } };
}

/** The version that If-Match asks for; undefined without a condition, which `*` is too, since what is not there is a 404 anyway. */
export function ifMatch(c: AppContext): number | undefined {
  const header = c.req.header("if-match")?.trim();
  if (header === undefined || header === "*") return undefined;
  const version = /^"([1-9]\d{0,14})"$/.exec(header)?.[1];
  if (version === undefined) throw badHeader("if-match", 'must be one version in quotes, such as "3"');
  return Number(version);
}

/** Refuses a condition where none is kept: ignoring it would do what the caller meant to prevent. */
export function refuseIfMatch(c: AppContext): void {
  if (c.req.header("if-match") !== undefined) throw badHeader("if-match", "is supported by PATCH only");
}

export function etag(version: number): string {
  return `"${version}"`;
}

function badHeader(path: string, message: string): NexusError {
  return new NexusError("body.invalid", `[nexus/http] ${path} ${message}`, { problems: [{ path, message }] });
}
