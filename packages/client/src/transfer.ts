/** The client's methods that take all out and in. */

import type { CallOptions, Scope } from "./requests.ts";
import type { Transport } from "./transport.ts";

export interface ExportRequest {
  /** Only what is this user's; all of the tenant if left out. */
  readonly userId?: string | undefined;
}

export interface ImportReport {
  readonly imported: number;
  readonly unchanged: number;
  /** The first 100 of the lines that could not be taken in. */
  readonly failed: readonly { readonly line: number; readonly code: string; readonly detail: string }[];
  readonly total: number;
}

/** Beyond the time of other calls: the server answers once it has taken all in. */
const IMPORT_TIMEOUT_MS = 600_000;

export interface TransferClient {
  /**
   * All memories, entities, relations and feedback as lines of JSON, as fast as they are read. The last line has the
   * type `end`; without it the export is not whole. `timeoutMs` is for its beginning; cancel the stream to stop it.
   */
  export(request?: ExportRequest, options?: CallOptions): Promise<ReadableStream<Uint8Array>>;
  /**
   * Takes lines of an export, of mem0 or of Zep in; the same lines again change nothing. `scope` is for lines of other
   * products that name none. A stream is sent once, a text again after a failure that passes.
   *
   * throws   import.format when nothing of it can be read
   */
  import(
    lines: string | ReadableStream<Uint8Array>,
    options?: CallOptions & { readonly scope?: Scope | undefined },
  ): Promise<ImportReport>;
}

export function transferClient(transport: Transport): TransferClient {
  return {
    export: (body = {}, { signal, timeoutMs } = {}) =>
      transport.stream({ method: "POST", path: "/api/export", body, repeatable: true, signal, timeoutMs }),
    import: (body, { scope = {}, signal, timeoutMs = IMPORT_TIMEOUT_MS } = {}) =>
      transport.json({
        method: "POST",
        path: "/api/import",
        query: {
          userId: scope.userId ?? undefined,
          agentId: scope.agentId ?? undefined,
          sessionId: scope.sessionId ?? undefined,
        },
        body,
        contentType: "application/x-ndjson",
        repeatable: typeof body === "string",
        signal,
        timeoutMs,
      }),
  };
}
