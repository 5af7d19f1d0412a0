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
  const all = allHeaders(c, headers);
  const wanted = c.get("compression");
  if (wanted && bytes.length > wanted.minBytes) {
    all["content-encoding"] = wanted.encoding;
    return new Response(compress(bytes, wanted.encoding), { status, headers: all });
  }
  return new Response(bytes, { status, headers: all });
}

/** An answer that is made while it is sent, no faster than its reader reads. When making it fails the connection ends, and so does the answer, unfinished. */
export function answerStream(
  c: AppContext,
  status: number,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  headers: Headers,
): Response {
  const all = allHeaders(c, headers);
  const iterator = chunks[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const wanted = c.get("compression");
  if (!wanted) return new Response(body, { status, headers: all });
  all["content-encoding"] = wanted.encoding;
  return new Response(body.pipeThrough(new CompressionStream(wanted.encoding)), { status, headers: all });
}

function allHeaders(c: AppContext, headers: Headers): Record<string, string> {
  return {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    vary: c.get("variesByOrigin") ? "accept-encoding, origin" : "accept-encoding",
    "x-request-id": c.get("requestId"),
    ...headers,
    ...c.get("readableBy"),
  };
}

function compress(bytes: Uint8Array<ArrayBuffer>, encoding: CompressionFormat): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream().pipeThrough(new CompressionStream(encoding));
}
