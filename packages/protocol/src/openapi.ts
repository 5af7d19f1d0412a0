/** The OpenAPI 3.1 document, made from the same schemas that check requests. */

import { errorKind, LIMITS } from "@nexus/core";
import { z } from "zod";
import {
  createDocument,
  type CreateDocumentOptions,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiResponseObject,
} from "zod-openapi";
import { accessOperations } from "./access-operations.ts";
import { embeddingsOperations } from "./embeddings-operations.ts";
import { lifecycleOperations } from "./lifecycle-operations.ts";
import { graphOperations } from "./graph-operations.ts";
import { insightOperations } from "./insight-operations.ts";
import { memoriesOperations } from "./memories-operations.ts";
import { memoryOperations } from "./memory-operations.ts";
import type { Answer, Operation, RequestHeader } from "./operation.ts";
import { errorsByStatus } from "./operation-errors.ts";
import { problemWire } from "./problem.ts";
import { recallOperations } from "./recall-operations.ts";
import { serverOperations } from "./server-operations.ts";
import { understandingOperations } from "./understanding-operations.ts";
import { transferOperations } from "./transfer-operations.ts";
import { usersOperations } from "./users-operations.ts";
import { vectorGenerationsOperations } from "./vector-generations-operations.ts";

export type OpenApiDocument = ReturnType<typeof createDocument>;

export const operations: readonly Operation[] = [
  ...recallOperations,
  ...understandingOperations,
  ...graphOperations,
  ...insightOperations,
  ...memoriesOperations,
  ...memoryOperations,
  ...lifecycleOperations,
  ...embeddingsOperations,
  ...vectorGenerationsOperations,
  ...transferOperations,
  ...usersOperations,
  ...accessOperations,
  ...serverOperations,
];

const HEADERS: Readonly<Record<RequestHeader, z.ZodType>> = {
  "idempotency-key": z.string().optional().meta({
    description: "1 to 255 visible ASCII characters; the same request again within 24 h gets the same answer.",
  }),
  "if-match": z.string().optional().meta({
    description: "The version that the change is meant for, in quotes; 412 if it is another by now.",
    example: '"3"',
  }),
};

const INTRODUCTION = `Long-term memory for apps and agents. Send a key as \`Authorization: Bearer nx_…\` (or \`X-API-Key\`); phones and browsers send a user token of POST /api/tokens in its place.
Unknown fields are refused, never ignored. Times are ISO 8601, UTC unless they name an offset; ids are UUIDs.
Errors are \`application/problem+json\` with a \`code\` to branch on. Bodies ≤ ${LIMITS.maxBodyBytes} bytes.`;

/** cost  tens of milliseconds: make it once */
export function openApiDocument(options: { readonly version: string }): OpenApiDocument {
  const byPath = Map.groupBy(operations, ({ path }) => path);
  const paths = [...byPath].map(([path, list]) => [
    path,
    Object.fromEntries(list.map((operation) => [operation.method, describe(operation)])),
  ]);
  const document: ZodOpenApiObject = {
    openapi: "3.1.0",
    info: {
      title: "Memory Nexus",
      version: options.version,
      description: INTRODUCTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: ["Recall", "Memories", "Embeddings", "Jobs", "Access", "Transfer", "Server"].map((name) => ({ name })),
    paths: Object.fromEntries(paths) as Record<string, Record<string, ZodOpenApiOperationObject>>,
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "An API key, nx_live_… or nx_test_…, or a user token, ut1.…",
        },
        header: { type: "apiKey", in: "header", name: "X-API-Key" },
      },
    },
  };
  // Metadata is a custom schema: its form in the document is the override that stands beside it.
  return createDocument(document, { allowEmptySchema: { custom: true }, override: tidy });
}

/** Answers may grow fields, so the document does not close them; bounds of all safe integers say nothing. */
function tidy({ jsonSchema, io }: Parameters<NonNullable<CreateDocumentOptions["override"]>>[0]): void {
  if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const { id, tag, summary, description, grant, query, body, headers = [] } = operation;
  const scope = grant && (grant === "any" ? "Scope: that of any key." : `Scope: \`${grant}\`.`);
  const header = z.object(Object.fromEntries(headers.map((name) => [name, HEADERS[name]])));
  const path = pathParameters(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, scope].filter(Boolean).join(" "),
    security: grant ? [{ bearer: [] }, { header: [] }] : [],
    requestParams: {
      ...(path && { path }),
      ...(query && { query }),
      ...(headers.length > 0 && { header }),
    },
    ...(body && {
      requestBody: {
        required: !body.optional,
        content: {
          [body.contentType ?? "application/json"]: { schema: body.schema, examples: named(body.examples) },
        },
      },
    }),
    responses: responsesOf(operation),
  };
}

function pathParameters({ path, parameters }: Operation): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const schema = (name: string) => parameters?.[name] ?? z.string().meta({ format: "uuid" });
  return names.length === 0 ? undefined : z.object(Object.fromEntries(names.map((name) => [name, schema(name)])));
}

function named(examples: Readonly<Record<string, unknown>>): Record<string, { value: unknown }> {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
}

function responsesOf(operation: Operation): Record<`${1 | 2 | 3 | 4 | 5}${string}`, ZodOpenApiResponseObject> {
  const good = operation.answers.map((answer) => [String(answer.status), describeAnswer(answer)] as const);
  const taken = new Set(operation.answers.map(({ status }) => status));
  const bad = errorsByStatus(operation)
    .filter(([status]) => !taken.has(status))
    .map(([status, codes]) => {
      const description = codes.map((code) => `\`${code}\` ${errorKind(code).title}.`).join(" ");
      return [
        String(status),
        { description, content: { "application/problem+json": { schema: problemWire } } },
      ] as const;
    });
  return Object.fromEntries([...good, ...bad]);
}

function describeAnswer(answer: Answer): ZodOpenApiResponseObject {
  const { description, schema, example, contentType = "text/plain", headers = {} } = answer;
  const described = Object.entries(headers).map(([name, text]) => [
    name,
    { description: text, schema: { type: "string" } },
  ]);
  return {
    description,
    headers: { "x-request-id": { schema: { type: "string" } }, ...Object.fromEntries(described) },
    content: schema ? { "application/json": { schema, example } } : { [contentType]: { schema: { type: "string" } } },
  };
}
