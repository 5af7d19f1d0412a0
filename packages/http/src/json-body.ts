/** Reads a request's JSON: typed, bounded, well-formed, and nested no deeper than any route could use. */

import { NexusError } from "@nexus/core";
import { parseNothing } from "@nexus/protocol";
import { checkedJson } from "./checked-json.ts";
import type { AppContext, AppHandler } from "./dependencies.ts";

/**
 * The parsed body.
 *
 * throws  `body.content_type`, `body.too_large` (without reading the rest), `body.encoding`, `body.malformed`, `body.invalid`
 */
export async function jsonBody(c: AppContext, maxBytes: number): Promise<unknown> {
  requireJson(c);
  return checkedJson(await bodyBytes(c, maxBytes));
}

/** The same where a request may come without one: undefined when there is no body, or an empty one. */
export async function jsonBodyIfAny(c: AppContext, maxBytes: number): Promise<unknown> {
  const bytes = hasBody(c) ? await bodyBytes(c, maxBytes) : undefined;
  if (bytes === undefined || bytes.length === 0) return undefined;
  requireJson(c);
  return checkedJson(bytes);
}

/** Before the handler of a route that reads no body. throws  what `jsonBody` throws, `body.unknown_field` for one that says something */
export function refusesBody(maxBytes: number): AppHandler {
  return async (c, next) => {
    parseNothing((await jsonBodyIfAny(c, maxBytes)) ?? {});
    await next();
  };
}

/** Whether the request announces a body. */
function hasBody(c: AppContext): boolean {
  const length = c.req.header("content-length");
  if (length !== undefined) return length !== "0";
  return c.req.header("transfer-encoding") !== undefined || c.req.header("content-type") !== undefined;
}

function requireJson(c: AppContext): void {
  const [type = "", ...parameters] = (c.req.header("content-type") ?? "").toLowerCase().split(";");
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith("charset="));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const encoding = c.req.header("content-encoding") ?? "identity";
  if (type.trim() === "application/json" && isUtf8 && encoding === "identity") return;
  throw new NexusError(
    "body.content_type",
    "[nexus/http] send the body as `content-type: application/json`, in UTF-8 and not compressed",
  );
}

async function bodyBytes(c: AppContext, maxBytes: number): Promise<Uint8Array> {
  const announced = c.req.header("content-length");
  if (announced !== undefined && Number(announced) > maxBytes) throw tooLarge(maxBytes);
  try {
    // With a length the server has already bounded the body; without one it may never end.
    if (announced !== undefined) return bounded(new Uint8Array(await c.req.raw.arrayBuffer()), maxBytes);
    return await streamed(c.req.raw.body, maxBytes);
  } catch (error) {
    if (error instanceof NexusError) throw error;
    throw new NexusError("body.malformed", "[nexus/http] the body ended before it was complete", { cause: error });
  }
}

async function streamed(stream: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<Uint8Array> {
  if (!stream) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (!value) continue;
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function bounded(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

function tooLarge(maxBytes: number): NexusError {
  return new NexusError(
    "body.too_large",
    `[nexus/http] the body is larger than ${maxBytes} bytes; send several smaller requests`,
  );
}
