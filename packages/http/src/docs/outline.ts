/** The OpenAPI document as the page reads it: operations in order, with what each one shows. */

import type { OpenApiDocument } from "@nexus/protocol";
import type { Schema } from "./schema-text.ts";

export interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Body {
  readonly type: string;
  readonly schema: Schema | undefined;
  readonly examples: readonly (readonly [string, unknown])[];
}

export interface DocumentedOperation {
  readonly id: string;
  readonly tag: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly needsKey: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: Body | undefined;
  readonly answers: readonly {
    readonly status: string;
    readonly description: string;
    readonly body: Body | undefined;
  }[];
}

interface RawContent {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface RawOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, RawContent>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, RawContent>> }>
  >;
}

export function outline(document: OpenApiDocument): DocumentedOperation[] {
  const paths = (document.paths ?? {}) as Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => ({
      id: raw.operationId,
      tag: raw.tags[0] ?? "",
      method: method.toUpperCase(),
      path,
      summary: raw.summary,
      description: raw.description ?? "",
      needsKey: raw.security.length > 0,
      parameters: raw.parameters ?? [],
      body: bodyOf(raw.requestBody?.content),
      answers: Object.entries(raw.responses).map(([status, answer]) => ({
        status,
        description: answer.description,
        body: bodyOf(answer.content),
      })),
    })),
  );
}

function bodyOf(content: Readonly<Record<string, RawContent>> | undefined): Body | undefined {
  const [type, raw] = Object.entries(content ?? {})[0] ?? [];
  if (type === undefined || raw === undefined) return undefined;
  const examples = Object.entries(raw.examples ?? {}).map(([name, { value }]) => [name, value] as const);
  return { type, schema: raw.schema, examples: raw.example === undefined ? examples : [["", raw.example]] };
}
