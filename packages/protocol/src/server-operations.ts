/** The routes about the server itself. */

import { z } from "zod";
import { readyExample } from "./examples.ts";
import { healthWire, readyWire } from "./health.ts";
import type { Operation } from "./operation.ts";

const server = { method: "get", tag: "Server" } as const;

const documentWire = z.looseObject({ openapi: z.string() });

export const serverOperations: readonly Operation[] = [
  {
    ...server,
    id: "health",
    path: "/health",
    summary: "Whether the process lives",
    answers: [
      { status: 200, description: "It does.", schema: healthWire, example: { status: "ok", version: "0.1.0" } },
    ],
  },
  {
    ...server,
    id: "ready",
    path: "/health/ready",
    summary: "Whether every dependency answers",
    answers: [
      { status: 200, description: "Ready.", schema: readyWire, example: readyExample },
      {
        status: 503,
        description: "Not ready, or shutting down.",
        schema: readyWire,
        example: {
          status: "down",
          dependencies: { records: { status: "down", latencyMs: null, breaker: "open" } },
        },
      },
    ],
  },
  {
    ...server,
    id: "metrics",
    path: "/metrics",
    summary: "Metrics as Prometheus text",
    description: "Takes no key where the server listens on loopback only.",
    grant: "admin",
    answers: [{ status: 200, description: "Exposition format 0.0.4.", contentType: "text/plain" }],
  },
  {
    ...server,
    id: "openapi",
    path: "/openapi.json",
    summary: "This document",
    answers: [{ status: 200, description: "OpenAPI 3.1.", schema: documentWire, example: { openapi: "3.1.0" } }],
  },
  {
    ...server,
    id: "docs",
    path: "/docs",
    summary: "This document for people",
    answers: [{ status: 200, description: "A page.", contentType: "text/html" }],
  },
];
