/** The closed table of error codes, and the one error class that carries them. */

export interface ErrorKind {
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
}

/** code → HTTP status, whether the same call may succeed later, title. Codes are never renamed: clients branch on them. */
export const ERRORS = {
  "auth.missing": [401, "No API key was sent"],
  "auth.invalid": [401, "The API key is not valid"],
  "auth.expired": [401, "The token or key has expired"],
  "auth.scope": [403, "The key lacks the scope that this route needs"],
  "auth.user_mismatch": [403, "The token is for another user, agent or session"],
  "auth.origin": [403, "Requests from this origin are not allowed"],
  "key.not_found": [404, "There is no such API key"],
  "rate.limited": [429, "Too many requests", "retry"],
  "overload.shed": [503, "The server is shutting down or overloaded", "retry"],
  "body.too_large": [413, "The request body is too large"],
  "body.malformed": [400, "The request body is not valid JSON"],
  "body.encoding": [400, "The request body is not valid UTF-8"],
  "body.invalid": [400, "The request does not fit its schema"],
  "body.unknown_field": [400, "The request has a field that this route does not know"],
  "body.content_type": [415, "The content type is not application/json"],
  "memory.not_found": [404, "There is no such memory"],
  "memory.exists": [409, "A memory with this id already holds other content"],
  "memory.empty": [400, "A memory needs some text"],
  "memory.too_large": [413, "The memory's text is too large"],
  "memory.time_invalid": [400, "A time of the memory is not possible"],
  "memory.merge_not_found": [404, "The memory has merged or superseded nothing that could be undone"],
  "memory.version_conflict": [412, "The memory has another version by now"],
  "entity.not_found": [404, "There is no such entity"],
  "search.filter_unknown": [400, "There is no such filter field or operator"],
  "search.filter_invalid": [400, "A filter's value has the wrong form"],
  "search.k_too_large": [400, "k is larger than the limit"],
  "query.not_found": [404, "There is no such query, or it is older than a day"],
  "search.deadline": [504, "No source answered within the budget", "retry"],
  "store.unavailable": [503, "A store cannot be reached", "retry"],
  "store.conflict": [409, "Concurrent writes kept colliding", "retry"],
  "store.full": [507, "The disk is full"],
  "store.corrupt": [500, "The record store is damaged"],
  "store.locked": [500, "Another process is using the data directory"],
  "vector.dimension_mismatch": [500, "A vector has the wrong number of dimensions"],
  "vector.not_finite": [500, "A vector holds a number that is not finite"],
  "index.full": [507, "The index has reached its size limit"],
  "index.corrupt": [500, "An index file is damaged"],
  "embed.model_unknown": [400, "There is no such embedding model"],
  "embed.unsupported_modality": [400, "The embedding model cannot read this kind of input"],
  "embed.input_empty": [400, "There is nothing to embed"],
  "embed.input_too_long": [400, "The input is longer than the embedding model reads"],
  "embed.input_broken": [400, "The input cannot be decoded"],
  "embed.model_missing": [409, "The embedding model’s files are not here"],
  "embed.generation_missing": [409, "There is no generation of vectors to do that with"],
  "embed.licence": [409, "The embedding model’s licence was not accepted"],
  "embed.not_trained": [409, "The fusion of these models has no trained weights"],
  "embed.load_failed": [500, "The embedding model could not be loaded"],
  "embed.checksum": [500, "A model file is not the one that was expected"],
  "embed.tokenizer": [500, "The tokenizer is missing or damaged"],
  "embed.invalid_output": [500, "The embedding model gave something that is no vector"],
  "embed.fusion": [500, "The vectors could not be fused"],
  "embed.memory": [503, "There is not enough memory for the embedding model", "retry"],
  "embed.device": [503, "The device for the embedding model is not available", "retry"],
  "embed.batch": [503, "Too many inputs wait for the embedding model", "retry"],
  "embed.timeout": [504, "The embedding model did not answer in time", "retry"],
  "breaker.open": [503, "A dependency failed repeatedly and is left alone for a while", "retry"],
  "config.invalid": [500, "The configuration is not valid"],
  "config.version_skew": [500, "The data directory was written by another version"],
  "config.migration": [500, "A migration that was applied has changed since"],
  "idempotency.mismatch": [422, "The idempotency key was used with another body"],
  "consistency.invalid": [400, "The consistency token is not valid"],
  "consistency.timeout": [503, "The write named by the token is not visible yet", "retry"],
  "job.not_found": [404, "There is no such job"],
  "job.failed": [500, "The job failed"],
  "import.format": [400, "The file is in no format that can be imported"],
  "import.row": [422, "A row of the file cannot be imported"],
  "erase.residue": [500, "Something of the user was left; the job goes on", "retry"],
  "route.not_found": [404, "There is no such route"],
  "route.method": [405, "The route does not take this method"],
  "internal.unexpected": [500, "Something unexpected happened"],
  "internal.unsupported": [501, "This server does not support the operation"],
} as const;

export type ErrorCode = keyof typeof ERRORS;

export function errorKind(code: ErrorCode): ErrorKind {
  const [status, title, retryable]: readonly [number, string, "retry"?] = ERRORS[code];
  return { status, title, retryable: retryable === "retry" };
}

/** One problem of a request: where (a dotted path into the body) and what. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

export interface NexusErrorOptions {
  readonly problems?: readonly Problem[];
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** Every failure that crosses a module boundary. The message says where, what was seen, what was expected, what to do; never a text, vector, key or token. */
export class NexusError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly problems: readonly Problem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: NexusErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "NexusError";
    this.code = code;
    const { status, retryable } = errorKind(code);
    this.status = status;
    this.retryable = retryable;
    this.problems = options.problems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The error itself when it is ours, else `internal.unexpected` around it. */
export function asNexusError(error: unknown): NexusError {
  if (error instanceof NexusError) return error;
  return new NexusError("internal.unexpected", "[nexus] an unexpected error; see the server's log", {
    cause: error,
  });
}
