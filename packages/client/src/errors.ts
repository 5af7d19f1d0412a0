/** The one error that the client throws. */

import type { Problem } from "./responses.ts";

/** Failures that no server named: nobody answered, the time was up, or what came back is not of this API. */
export type ClientCode = "client.unreachable" | "client.timeout" | "client.answer";

export interface ErrorFields extends Partial<Pick<Problem, "status" | "title" | "errors" | "retryable">> {
  readonly code: NexusClientError["code"];
  readonly detail: string;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** A failed call: the server's problem document, or one of the client's own codes. The message is `detail`. */
export class NexusClientError extends Error {
  /** The codes of the server's table; a newer server may have more. */
  readonly code: Problem["code"] | ClientCode | (string & Record<never, never>);
  /** 0 when there was no answer. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Where in the request, and what. */
  readonly errors: Problem["errors"];
  /** Names the request in the server's log. */
  readonly requestId: string | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor({ code, detail, cause, ...fields }: ErrorFields) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = "NexusClientError";
    this.code = code;
    this.detail = detail;
    this.status = fields.status ?? 0;
    this.title = fields.title ?? "The call failed";
    this.errors = fields.errors ?? [];
    this.requestId = fields.requestId;
    this.retryable = fields.retryable ?? false;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** The error of an answer that is not a success. */
export function errorOfAnswer(response: Response, text: string, url: string): NexusClientError {
  const { status, headers } = response;
  const retryAfterMs = readRetryAfter(headers.get("retry-after"), Date.now());
  const problem = readProblem(text);
  if (problem) return new NexusClientError({ ...problem, status, retryAfterMs });
  return new NexusClientError({
    code: "client.answer",
    status,
    detail: `${url} answered ${status} with something other than a problem document; is it a Memory Nexus server?`,
    requestId: headers.get("x-request-id") ?? undefined,
    retryable: status === 429 || status === 503,
    retryAfterMs,
  });
}

/** Nobody answered, or the answer broke off. */
export function unreachable(url: string, cause: unknown): NexusClientError {
  const detail = `${url} cannot be reached${reasonOf(cause)}; is the server running there?`;
  return new NexusClientError({ code: "client.unreachable", detail, retryable: true, cause });
}

/** An answer that had begun did not end. */
export function brokenOff(url: string, cause: unknown): NexusClientError {
  const detail = `${url} broke its answer off${reasonOf(cause)}; try again`;
  return new NexusClientError({ code: "client.unreachable", detail, retryable: true, cause });
}

/** `retry-after` in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). */
function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function readProblem(text: string): Problem | undefined {
  try {
    const value = JSON.parse(text) as Partial<Problem> | null;
    const isProblem = typeof value?.code === "string" && typeof value.detail === "string";
    return isProblem ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}

/** Node hides the reason (`ECONNREFUSED`) one cause deeper. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return "";
  const code = (inner as { code?: unknown }).code;
  return ` (${typeof code === "string" ? code : inner.message})`;
}
