/** GET /health and GET /health/ready. */

import { z } from "zod";

export const healthWire = z.object({ status: z.literal("ok"), version: z.string() });

const dependencyWire = z.object({
  status: z.enum(["ok", "degraded", "down"]),
  latencyMs: z.number().nullable(),
  breaker: z.enum(["closed", "halfOpen", "open"]).nullable(),
});

export const readyWire = z.object({
  status: z.enum(["ok", "degraded", "down", "draining"]),
  dependencies: z.record(z.string(), dependencyWire),
});

export type DependencyHealth = Readonly<z.output<typeof dependencyWire>>;

/** As bad as the worst dependency; `draining` while the server shuts down. Only `ok` and `degraded` are ready. */
export function readyToWire(
  dependencies: Readonly<Record<string, DependencyHealth>>,
  draining: boolean,
): z.output<typeof readyWire> {
  const states = new Set(Object.values(dependencies).map(({ status }) => status));
  const worst = (["down", "degraded"] as const).find((status) => states.has(status)) ?? "ok";
  return { status: draining ? "draining" : worst, dependencies: { ...dependencies } };
}
