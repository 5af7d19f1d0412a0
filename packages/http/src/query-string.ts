/** A query string as an object for the schemas: one value a name. */

import { NexusError, type Problem } from "@nexus/core";
import type { AppContext } from "./dependencies.ts";

/** throws  `body.invalid` for a name that is given twice */
export function queryString(c: AppContext): Record<string, string> {
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [name, value] of new URL(c.req.url).searchParams) {
    if (values.has(name)) problems.push({ path: name.slice(0, 100), message: "is given more than once" });
    values.set(name, value);
  }
  if (problems.length > 0)
    throw new NexusError("body.invalid", "[nexus/http] a parameter is given twice", { problems });
  return Object.fromEntries(values);
}
