/** A curl command for an operation, ready to paste into a shell. */

import type { DocumentedOperation } from "./outline.ts";

const EXAMPLE_ID = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

export function curl(operation: DocumentedOperation, body: unknown, type = "application/json"): string {
  const { method, path, needsKey, parameters } = operation;
  const takesUser = method === "GET" && parameters.some(({ name }) => name === "userId");
  const url = `http://127.0.0.1:8787${path.replace("{id}", EXAMPLE_ID).replace("{userId}", "u1")}${takesUser ? "?userId=u1" : ""}`;
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}'${url}'`,
    ...(needsKey ? [`-H "Authorization: Bearer $NEXUS_KEY"`] : []),
    ...(body === undefined ? [] : [`-H 'content-type: ${type}'`, dataOf(body)]),
  ];
  return lines.join(" \\\n  ");
}

/** Lines go as they are: `-d` would join them. */
function dataOf(body: unknown): string {
  return typeof body === "string" ? `--data-binary ${quote(body.trimEnd())}` : `-d ${quote(JSON.stringify(body))}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
