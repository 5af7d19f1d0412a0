/** Every request has an id: the caller's if it is sane, else ours. It comes back in the answer and stands in every log line. */

import type { Ids } from "@nexus/core";
import type { HttpSettings } from "../defaults.ts";
import type { AppHandler } from "../dependencies.ts";

/** What is short and cannot break a log line or a header. */
const SANE = /^[A-Za-z0-9._:-]{1,128}$/;

export function requestId(options: { readonly ids: Ids; readonly settings: HttpSettings }): AppHandler {
  const { ids, settings } = options;
  return (c, next) => {
    const given = c.req.header("x-request-id");
    c.set("requestId", given !== undefined && SANE.test(given) ? given : ids.next());
    c.set("compressionMinBytes", settings.compressionMinBytes);
    return next();
  };
}
