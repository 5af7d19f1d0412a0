/** What a user is taken to prefer, learnt again from the ratings that are there. */

import type { RecordTx } from "@nexus/core";
import { relearn, sinceOf } from "../engines/learning.ts";
import { ratedOf } from "./rating-features.ts";

/** Ratings that a profile is learnt from again: the last ones that it could still show. */
const MAX_RELEARNT = 10_000;

/** Ratings from before the last reset stay without effect. Cost: reads the user's ratings, some 30 µs each. */
export async function learnAnew(tx: RecordTx, partition: string): Promise<void> {
  const [profile] = await tx.get("profile", [[partition]]);
  const ratings = await tx.range({ table: "feedback", prefix: [partition], limit: MAX_RELEARNT });
  const told = ratings.filter(({ memoryId }) => memoryId !== undefined).map(ratedOf);
  if (profile || told.length > 0) tx.put("profile", relearn(partition, told, sinceOf(profile)));
}
