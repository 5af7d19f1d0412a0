/** Errors on the wire: RFC 9457 problem details with our code. */

import { errorKind, type NexusError } from "@nexus/core";
import { z } from "zod";
import { errorCode } from "./failure.ts";

export const problemWire = z
  .object({
    type: z.string().meta({ description: "Where the code is explained: an anchor of /docs." }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: "The path that was asked for." }),
    code: errorCode,
    requestId: z.string(),
    retryable: z.boolean(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
  })
  .meta({ id: "Problem" });

export function problemToWire(
  error: NexusError,
  request: { readonly path: string; readonly requestId: string },
): z.output<typeof problemWire> {
  return {
    type: `/docs#${error.code}`,
    title: errorKind(error.code).title,
    status: error.status,
    detail: error.message,
    instance: request.path,
    code: error.code,
    requestId: request.requestId,
    retryable: error.retryable,
    errors: error.problems.map(({ path, message }) => ({ path, message })),
  };
}
