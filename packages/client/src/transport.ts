/** Sends one call, again if that is safe and may help, and reads its answer. */

import { withDeadline } from "./deadline.ts";
import { brokenOff, errorOfAnswer, NexusClientError, unreachable } from "./errors.ts";
import type { CallOptions } from "./requests.ts";
import { retryDelay, type RetryPolicy } from "./retry.ts";
import type { Runtime } from "./runtime.ts";

export interface Call extends CallOptions {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly body?: unknown;
  /** Of a body that goes as it is, a text or a stream; without it the body goes as JSON. */
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sending it twice does no more than sending it once. */
  readonly repeatable: boolean;
  /** Statuses that are answers, besides 2xx. */
  readonly accept?: readonly number[] | undefined;
}

export interface Transport {
  json<T>(call: Call): Promise<T>;
  text(call: Call): Promise<string>;
  /** The answer's body once it has begun; the time limit and the signal end there. */
  stream(call: Call): Promise<ReadableStream<Uint8Array>>;
}

export interface TransportOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly runtime: Runtime;
}

export function createTransport({ url, key, timeoutMs, retry, runtime }: TransportOptions): Transport {
  const base = url.replace(/\/+$/, "");

  function send<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const target = `${base}${call.path}${queryString(call.query)}`;
    const what = `${call.method} ${base}${call.path}`;
    const init = requestOf(call, key);
    const limitMs = call.timeoutMs ?? timeoutMs;
    return withDeadline({ signal: call.signal, timeoutMs: limitMs, what }, async (signal) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(target, { ...init, signal }, read, call.accept);
        } catch (error) {
          signal.throwIfAborted();
          const failure = error instanceof NexusClientError ? error : unreachable(base, error);
          const delayMs = call.repeatable ? retryDelay(failure, attempt, retry, runtime.random) : null;
          // Waiting for longer than the call may take would hide the failure behind a time-out.
          if (delayMs === null || delayMs >= limitMs) throw failure;
          await runtime.sleep(delayMs, signal);
        }
      }
    });
  }

  async function once<T>(
    target: string,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
    accept: readonly number[] = [],
  ): Promise<T> {
    const response = await runtime.fetch(target, init);
    if (response.ok || accept.includes(response.status)) return await read(response);
    throw errorOfAnswer(response, await response.text(), base);
  }

  return {
    text: (call) => send(call, (response) => response.text()),
    stream: (call) => send(call, (response) => Promise.resolve(streamed(response, base))),
    async json<T>(call: Call): Promise<T> {
      const text = await send(call, (response) => response.text());
      try {
        return JSON.parse(text) as T;
      } catch (cause) {
        const detail = `${base} answered ${call.path} with something other than JSON; is it a Memory Nexus server?`;
        throw new NexusClientError({ code: "client.answer", detail, cause });
      }
    },
  };
}

/** The body, whose breaking off is an error of ours. */
function streamed({ body }: Response, base: string): ReadableStream<Uint8Array> {
  if (!body) return new Blob([]).stream();
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        throw brokenOff(base, error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function requestOf({ method, body, contentType, headers }: Call, key: string | undefined): RequestInit {
  return {
    method,
    headers: {
      accept: "application/json",
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": contentType ?? "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: contentType === undefined ? JSON.stringify(body) : (body as BodyInit) }),
    // What fetch demands before it takes a stream as a body.
    ...(body instanceof ReadableStream && ({ duplex: "half" } as object)),
  };
}

function queryString(query: Call["query"]): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
