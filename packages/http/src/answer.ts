/** Makes responses: headers are given once, at the start, and compression is decided where the text is at hand. */

import type { AppContext } from "./dependencies.ts";

type Headers = Readonly<Record<string, string>>;

const encoder = new TextEncoder();

export function answer(c: AppContext, status: number, value: unknown, headers?: Headers): Response {
  return answerText(c, status, JSON.stringify(value), { "content-type": "application/json", ...headers });
}

export function answerText(c: AppContext, status: number, text: string, headers: Headers): Response {
  return answerBytes(c, status, encoder.encode(text), headers);
}

/**
 * Bytes, since a socket takes ten times as long to write a string with one character beyond Latin-1, such as a quotation mark.
 * Plain header objects keep node-server on its fast path, which is why nothing adds headers later.
 */
export function answerBytes(c: AppContext, status: number, bytes: Uint8Array<ArrayBuffer>, headers: Headers): Response {
  const all: Record<string, string> = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    vary: "accept-encoding",
    "x-request-id": c.get("requestId"),
    ...headers,
  };
  const wanted = c.get("compression");
  if (wanted && bytes.length > wanted.minBytes) {
    all["content-encoding"] = wanted.encoding;
    return new Response(compress(bytes, wanted.encoding), { status, headers: all });
  }
  return new Response(bytes, { status, headers: all });
}

function compress(bytes: Uint8Array<ArrayBuffer>, encoding: CompressionFormat): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream().pipeThrough(new CompressionStream(encoding));
}
