/** Registers one path with its methods, and answers the methods that it does not have. */

import { NexusError } from "@nexus/core";
import type { Hono } from "hono";
import type { AppEnvironment, AppHandler } from "./dependencies.ts";

type Method = "GET" | "POST" | "PATCH" | "DELETE";
export type Methods = Partial<Record<Method, readonly AppHandler[]>>;
export type App = Hono<AppEnvironment>;

/** `path` as OpenAPI writes it: `/api/jobs/{id}`. HEAD is served wherever GET is; OPTIONS says what there is. */
export function resource(app: App, path: string, methods: Methods): void {
  const pattern = path.replaceAll(/\{(\w+)\}/g, ":$1");
  const allow = [
    ...Object.keys(methods).flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])),
    "OPTIONS",
  ];
  const named: AppHandler = (c, next) => {
    c.set("route", path);
    return next();
  };
  for (const [method, handlers] of Object.entries(methods)) app.on(method, [pattern], named, ...handlers);
  app.all(pattern, named, (c) => {
    const headers = { allow: allow.join(", "), "x-request-id": c.var.requestId };
    if (c.req.method === "OPTIONS") return new Response(null, { status: 204, headers });
    throw new MethodError(`[nexus/http] ${path} takes ${allow.join(", ")}`, allow);
  });
}

/** A 405, with what the answer must list. */
export class MethodError extends NexusError {
  readonly allow: readonly string[];

  constructor(message: string, allow: readonly string[]) {
    super("route.method", message);
    this.allow = allow;
  }
}
