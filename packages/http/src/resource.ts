/** Registers a path with its methods, and keeps a list of what was registered for those who ask for something else. */

import type { Hono } from "hono";
import type { AppEnvironment, AppHandler } from "./dependencies.ts";

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

export function resource(
  { app, resources }: Routes,
  path: string,
  methods: Partial<Record<Method, readonly AppHandler[]>>,
): void {
  const named: AppHandler = (c, next) => {
    c.set("route", path);
    return next();
  };
  for (const [method, handlers] of Object.entries(methods)) {
    app.on(method, [path.replaceAll(/\{(\w+)\}/g, ":$1")], named, ...handlers);
  }
  const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  const allow = Object.keys(methods).flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  resources.push({ path, matches: (asked) => pattern.test(asked), allow: [...allow, "OPTIONS"] });
}
