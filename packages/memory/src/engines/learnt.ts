/** What was learnt for a request: its user's preference for each memory, and its tenant's fusion weights. */

import type { PointPayload, TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import type { Factors } from "../requests.ts";
import { preferenceOf } from "./learning.ts";
import { WEIGHTS_SETTING, weightsOf } from "./weights.ts";

export interface Learnt {
  /** 0…1, .5 where nothing is known. */
  readonly preference: (payload: PointPayload) => number;
  readonly weights: Factors;
}

export interface Learning {
  /** A tenant's fusion weights: they change once a day at most, and are read again after a minute. */
  weights(scope: TenantScope): Promise<Factors>;
  /** With the user's profile, read anew each time, since the next rating may be a millisecond away. Cost: one read by key. */
  learnt(scope: TenantScope, partition: string | undefined): Promise<Learnt>;
}

const KEEP_MS = 60_000;
const MAX_TENANTS = 10_000;

export function createLearning({
  records,
  clock,
  settings,
}: Pick<Dependencies, "records" | "clock" | "settings">): Learning {
  const kept = new Map<string, { readonly weights: Factors; readonly at: number }>();
  const weights = async (scope: TenantScope): Promise<Factors> => {
    const now = clock.now();
    const known = kept.get(scope.tenant);
    if (known && now - known.at < KEEP_MS) return known.weights;
    const [setting] = await records.reader(scope).get("setting", [[WEIGHTS_SETTING]]);
    const read = weightsOf(setting, settings.fusion.weights);
    if (kept.size >= MAX_TENANTS) kept.clear();
    kept.set(scope.tenant, { weights: read, at: now });
    return read;
  };
  return {
    weights,
    async learnt(scope, partition) {
      const [[profile], own] = await Promise.all([
        partition === undefined ? [] : records.reader(scope).get("profile", [[partition]]),
        weights(scope),
      ]);
      return { preference: preferenceOf(profile, clock.now()), weights: own };
    },
  };
}
