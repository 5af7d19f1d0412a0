/** Registers a path with its methods, and keeps a list of what was registered for those who ask for something else. */

import { NexusError } from "@nexus/core";
import { parseNothing } from "@nexus/protocol";
import type { Hono } from "hono";
import type { AppEnvironment, AppHandler } from "./dependencies.ts";
import { queryString } from "./query-string.ts";

type Method = "GET" | "POST" | "PATCH" | "DELETE";

export type App = Hono<AppEnvironment>;

export interface Resource {
  /** As OpenAPI writes it: `/api/jobs/{id}`. */
  readonly path: string;
  readonly matches: (path: string) => boolean;
  /** HEAD is served wherever GET is, and OPTIONS everywhere. */
  readonly allow: readonly string[];
}

export interface Routes {
  readonly app: App;
  readonly resources: Resource[];
}

/** Only GET has a query string, unless `withQuery` names another method: of the others a userId that was put there would be ignored. */
export function resource(
  { app, resources }: Routes,
  path: string,
  methods: Partial<Record<Method, readonly AppHandler[]>>,
  withQuery: readonly Method[] = [],
): void {
  const named: AppHandler = (c, next) => {
    c.set("route", path);
    return next();
  };
  for (const [method, handlers] of Object.entries(methods)) {
    const takesQuery = method === "GET" || withQuery.some((taker) => taker === method);
    // Last before the handler itself: who may not call the route learns nothing of what it takes.
    const checked = handlers.toSpliced(-1, 0, takesQuery ? checksUrl : refusesQuery);
    app.on(method, [path.replaceAll(/\{(\w+)\}/g, ":$1")], named, ...checked);
  }
  const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  const allow = Object.keys(methods).flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  resources.push({ path, matches: (asked) => pattern.test(asked), allow: [...allow, "OPTIONS"] });
}

/** throws  `body.encoding` for what would be read as another text than was meant */
const checksUrl: AppHandler = (c, next) => {
  requireUtf8(c.req.url);
  return next();
};

/** throws  what `checksUrl` throws, `body.unknown_field`, naming the parameters */
const refusesQuery: AppHandler = (c, next) => {
  requireUtf8(c.req.url);
  if (c.req.url.includes("?")) parseNothing(queryString(c));
  return next();
};

function requireUtf8(url: string): void {
  if (!url.includes("%")) return;
  try {
    decodeURIComponent(url);
  } catch (error) {
    throw new NexusError("body.encoding", "[nexus/http] the URL has a % that begins no UTF-8", { cause: error });
  }
}
