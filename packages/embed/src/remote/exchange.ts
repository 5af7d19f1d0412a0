/** One request to a remote model and its answer: bounded in time and size, redirects not followed, failures in our codes. */

import { type Clock, NexusError } from "@nexus/core";
import type { Endpoint } from "./endpoint.ts";

/** `fetch`, as far as it is used here. */
export type RemoteFetch = (url: string, init: RequestInit) => Promise<Response>;

interface Exchange {
  readonly endpoint: Endpoint;
  readonly key: string | undefined;
  readonly body: object;
  /** A longer answer is not read to its end. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly fetch: RemoteFetch;
  readonly clock: Pick<Clock, "now">;
}

/** A server that asks for more is asked again after this. */
const LONGEST_RETRY_SECONDS = 3_600;

/**
 * The parsed JSON of the answer.
 *
 * throws  embed.input_broken and embed.input_too_long for inputs that the server refuses, embed.batch when it has too
 *         much to do, embed.timeout, embed.device when it cannot be reached or fails, embed.load_failed for a key,
 *         model or address that it does not take, embed.invalid_output; the signal's reason
 */
export async function exchange({ endpoint, timeoutMs, signal, ...call }: Exchange): Promise<unknown> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await call.fetch(endpoint.url, {
      method: "POST",
      redirect: "manual",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        ...(call.key !== undefined && { authorization: `Bearer ${call.key}` }),
      },
      body: JSON.stringify(call.body),
      signal: AbortSignal.any([limit, signal]),
    });
    if (response.status === 200) return parsed(await textOf(response, call.maxBytes, endpoint), endpoint);
    // The body could repeat what was sent, so it is not read.
    await response.body?.cancel();
    throw refusalOf(response, endpoint, call.clock.now());
  } catch (error) {
    if (error instanceof NexusError) throw error;
    signal.throwIfAborted();
    if (limit.aborted) throw failure("embed.timeout", endpoint, `did not answer within ${timeoutMs} ms`);
    throw failure("embed.device", endpoint, "cannot be reached, or broke off its answer; is it running?", {
      cause: error,
    });
  }
}

/** throws  embed.invalid_output for an answer that is too long or no UTF-8 */
async function textOf(response: Response, maxBytes: number, endpoint: Endpoint): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    size += value?.length ?? 0;
    if (size > maxBytes) {
      await reader.cancel();
      throw failure("embed.invalid_output", endpoint, `answered with more than ${maxBytes} bytes`);
    }
    text += decoded(decoder, value, endpoint);
  }
  return text + decoded(decoder, undefined, endpoint);
}

function decoded(decoder: TextDecoder, bytes: Uint8Array | undefined, endpoint: Endpoint): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw failure("embed.invalid_output", endpoint, "answered with something that is no UTF-8");
  }
}

function parsed(text: string, endpoint: Endpoint): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message would quote the answer.
    throw failure("embed.invalid_output", endpoint, "answered with something that is no JSON");
  }
}

function refusalOf(response: Response, endpoint: Endpoint, now: number): NexusError {
  const { status, type, headers } = response;
  const seen = `answered ${status}`;
  const again = { retryAfterSeconds: retryAfter(headers.get("retry-after"), now) };
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    const detail = "answered with a redirect, which is not followed; set NEXUS_EMBED_URL to where it leads";
    return failure("embed.load_failed", endpoint, detail);
  }
  switch (status) {
    case 400:
    case 422:
      return failure("embed.input_broken", endpoint, `${seen} to the input; it may be too long for the model`);
    case 413:
      return failure("embed.input_too_long", endpoint, `${seen}: the input is too large`);
    case 401:
    case 403:
      return failure("embed.load_failed", endpoint, `${seen}: check NEXUS_EMBED_KEY`);
    case 408:
      return failure("embed.timeout", endpoint, `${seen}: it gave up waiting`, again);
    case 429:
      return failure("embed.batch", endpoint, `${seen}: it has too many requests`, again);
    default:
      if (status >= 500) return failure("embed.device", endpoint, seen, again);
      return failure("embed.load_failed", endpoint, `${seen}: check NEXUS_EMBED_URL and NEXUS_EMBED_MODEL`);
  }
}

/** Seconds or a date (RFC 9110, 10.2.3); 1 where there is none. */
function retryAfter(header: string | null, now: number): number {
  const seconds = /^\d{1,9}$/.test(header ?? "") ? Number(header) : (Date.parse(header ?? "") - now) / 1_000;
  return Number.isNaN(seconds) ? 1 : Math.min(Math.max(1, Math.ceil(seconds)), LONGEST_RETRY_SECONDS);
}

function failure(
  code: NexusError["code"],
  { name }: Endpoint,
  detail: string,
  options?: ConstructorParameters<typeof NexusError>[2],
): NexusError {
  return new NexusError(code, `[nexus/embed:remote] ${name} ${detail}`, options);
}
