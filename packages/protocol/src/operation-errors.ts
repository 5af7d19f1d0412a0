/** Which errors a route can answer, by status. */

import { type ErrorCode, errorKind } from "@nexus/core";
import type { Operation } from "./operation.ts";

const WITH_KEY: readonly ErrorCode[] = [
  "auth.missing",
  "auth.invalid",
  "auth.expired",
  "auth.user_mismatch",
  "auth.origin",
  "auth.scope",
  "rate.limited",
  "overload.shed",
  "store.unavailable",
  "store.corrupt",
  // Of the URL, like that of the body.
  "body.encoding",
];
const WITH_BODY: readonly ErrorCode[] = [
  "body.malformed",
  "body.encoding",
  "body.invalid",
  "body.unknown_field",
  "body.too_large",
  "body.content_type",
];
const WITH_PARAMETERS: readonly ErrorCode[] = ["body.invalid", "body.unknown_field"];

/** Status → the codes that come with it, both in ascending order. */
export function errorsByStatus(operation: Operation): [number, ErrorCode[]][] {
  const codes = new Set<ErrorCode>([
    ...(operation.grant ? WITH_KEY : []),
    // A body that is not expected is read too: it is refused when it says something.
    ...(operation.body || (operation.grant && operation.method !== "get") ? WITH_BODY : []),
    ...(operation.query || operation.headers ? WITH_PARAMETERS : []),
    ...(operation.errors ?? []),
    "internal.unexpected",
  ]);
  const byStatus = Map.groupBy([...codes].sort(), (code) => errorKind(code).status);
  return [...byStatus].sort(([a], [b]) => a - b);
}
