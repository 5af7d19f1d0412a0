/** Job `learn`: the tenant's fusion weights from its ratings, and each user's patterns from memories and ratings. */

import { type Feedback, type Setting, type TenantScope } from "@nexus/core";
import { markedAt, MAX_ROWS } from "../engines/trend-rows.ts";
import { storePatterns } from "../engines/pattern-rows.ts";
import { lastRecorded } from "../engines/recent.ts";
import { learnWeights, WEIGHTS_SETTING } from "../engines/weights.ts";
import { ratedFactorsOf } from "../feedback/rating-features.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { allPartitions } from "./partitions.ts";
import type { JobHandler } from "./runner.ts";

type LearnDependencies = Pick<RememberDependencies, "records" | "clock" | "embedder" | "settings">;

/** Ratings of a tenant that teach its weights: the newest are not known from the keys, so all up to this many. */
const MAX_RATINGS = 20_000;
const STEP = 1_000;

export function createLearnHandler(deps: () => LearnDependencies): JobHandler {
  return async (scope, _job, { progress, signal }) => {
    const given = deps();
    const { records, clock } = given;
    const reader = records.reader(scope);
    const learnt = await learnTenant(scope, given);
    let [users, patterns] = [0, 0];
    for await (const { partition, done, total } of allPartitions(reader)) {
      signal.throwIfAborted();
      if (await hasNews(reader, partition)) {
        patterns += await storePatterns(scope, partition, clock.now(), given);
        users++;
      }
      await progress(done, total);
    }
    return { weights: learnt, users, patterns };
  };
}

/** Memories or ratings since the patterns were found last. */
async function hasNews(
  reader: ReturnType<LearnDependencies["records"]["reader"]>,
  partition: string,
): Promise<boolean> {
  const rows = await reader.range({ table: "pattern", prefix: [partition], limit: MAX_ROWS });
  const at = markedAt(rows, partition, "patterns");
  if (at === undefined) return true;
  const [[profile], recorded = 0] = await Promise.all([
    reader.get("profile", [[partition]]),
    lastRecorded(reader, partition),
  ]);
  return recorded >= at || (profile?.updatedAt.getTime() ?? 0) >= at;
}

/** Whether the tenant's weights changed. They follow its ratings since the last reset, and go when those no longer say anything. */
async function learnTenant(scope: TenantScope, { records, clock, settings }: LearnDependencies): Promise<boolean> {
  const reader = records.reader(scope);
  const [before] = await reader.get("setting", [[WEIGHTS_SETTING]]);
  const ratings: Feedback[] = [];
  for (let after: string[] | undefined; ratings.length < MAX_RATINGS;) {
    const rows = await reader.range({ table: "feedback", prefix: [], after, limit: STEP });
    ratings.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < STEP) break;
    after = [last.partition, last.id];
  }
  const since = sinceOf(before);
  const counted = ratings
    .filter(({ createdAt }) => createdAt.getTime() >= since)
    .flatMap((row) => ratedFactorsOf(row) ?? []);
  const defaults = settings.fusion.weights;
  const weights = learnWeights(defaults, counted);
  const former = before?.value as { readonly weights?: object } | undefined;
  if (JSON.stringify(weights) === JSON.stringify(former?.weights)) return false;
  const value = weights
    ? { since, ratings: counted.length, weights: { ...weights }, defaults: { ...defaults } }
    : { since };
  const row: Setting = {
    name: WEIGHTS_SETTING,
    value,
    version: (before?.version ?? 0) + 1,
    updatedAt: new Date(clock.now()),
  };
  await records.transact(scope, [], async (tx) => {
    const [current] = await tx.get("setting", [[WEIGHTS_SETTING]]);
    // Reset while the ratings were read: the next run begins with that.
    if (current?.version === before?.version) tx.put("setting", row);
  });
  return true;
}

function sinceOf(setting: Setting | undefined): number {
  const since = (setting?.value as { readonly since?: unknown } | undefined)?.since;
  return typeof since === "number" ? since : 0;
}
