/** Why one part of a request, or a job, failed. */

import { type ErrorCode, ERRORS } from "@nexus/core";
import { z } from "zod";

export const errorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]).meta({ id: "ErrorCode" });

export const failureWire = z.object({ code: errorCode, detail: z.string() }).meta({ id: "Failure" });

/** A code that was stored, by an older version perhaps. */
export function readCode(text: string): ErrorCode {
  return Object.hasOwn(ERRORS, text) ? (text as ErrorCode) : "internal.unexpected";
}
