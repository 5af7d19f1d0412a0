/** Every request has an id: the caller's if it is sane, else ours. It comes back in the answer and stands in every log line. */

import type { Ids } from "@nexus/core";
import type { AppHandler } from "../dependencies.ts";

/** What is short and cannot break a log line or a header. */
const SANE = /^[A-Za-z0-9._:-]{1,128}$/;

/** Ours are this process's id and a running number: unique, and without a random number for every request. */
export function requestId(ids: Ids): AppHandler {
  const process = ids.next();
  let count = 0;
  return (c, next) => {
    const given = c.req.header("x-request-id");
    c.set("requestId", given !== undefined && SANE.test(given) ? given : `${process}-${++count}`);
    return next();
  };
}
