/** A process of its own with one Hono route that answers POST / with a constant: what a server costs that does nothing. */

import { serve } from "@hono/node-server";
import { Hono } from "hono";

const bytes = Number(process.argv[2]);
const body = JSON.stringify({ text: "x".repeat(Math.max(0, bytes - '{"text":""}'.length)) });
const app = new Hono();
app.post("/", async (c) => {
  // The body is read as any route that takes one does.
  await c.req.text();
  return c.body(body, 200, { "content-type": "application/json" });
});
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => process.send?.({ port }));
