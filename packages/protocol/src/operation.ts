/** How a route is described for the OpenAPI document. */

import type { ErrorCode, Grant } from "@nexus/core";
import type { z } from "zod";

export interface Operation {
  readonly id: string;
  readonly method: "get" | "post" | "patch" | "delete";
  readonly path: string;
  readonly tag: "Recall" | "Memories" | "Embeddings" | "Jobs" | "Access" | "Transfer" | "Server";
  readonly summary: string;
  readonly description?: string;
  /** The scope that a key needs; routes without one take no key. */
  readonly grant?: Grant | "any";
  /** Schemas of path parameters that are no UUIDs. */
  readonly parameters?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodObject;
  readonly body?: {
    readonly schema: z.ZodType;
    readonly optional?: true;
    readonly examples: Examples;
    /** JSON if left out. */
    readonly contentType?: string;
  };
  readonly headers?: readonly RequestHeader[];
  readonly answers: readonly Answer[];
  /** Beside those of every route of its kind. */
  readonly errors?: readonly ErrorCode[];
}

export type RequestHeader = "idempotency-key" | "if-match";
type Examples = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly description: string;
  /** JSON of this schema … */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** … or a text of this type. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
