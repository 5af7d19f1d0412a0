/** Where a user's data may lie, and how an erasure finds it there. A test fails when a table, a kind of cache key or a kind of blob is missing. */

import type { TableName } from "@nexus/core";

interface Place {
  /**
   * `erased`: rows of the user go, and the receipt counts them. `kept`: a row stays that names the user, and `why` says
   * what for. `impersonal`: nothing in it is of a user.
   */
  readonly rule: "erased" | "kept" | "impersonal";
  readonly why: string;
}

export const TABLE_PLACES: Readonly<Record<TableName, Place>> = {
  memory: { rule: "erased", why: "found by its partition; those added after the request stay" },
  chunk: { rule: "erased", why: "by its memory, in the same transaction" },
  vector: { rule: "erased", why: "by its chunk, in the same transaction" },
  version: { rule: "erased", why: "by its memory, in the same transaction" },
  reference: { rule: "erased", why: "by either of its memories" },
  relation: { rule: "erased", why: "by its memory, then what is left in the partition without one" },
  entity: { rule: "erased", why: "found by its partition; one that later memories name is made anew from those" },
  feedback: {
    rule: "erased",
    why: "found by its partition; ratings after the request stay, unless of an erased memory",
  },
  pattern: { rule: "erased", why: "found by its partition; the next job finds those of later memories again" },
  profile: { rule: "erased", why: "found by its partition; learnt anew from the ratings that stay" },
  outbox: { rule: "erased", why: "found by its partition and applied, as the vector store has to follow" },
  change: {
    rule: "erased",
    why: "found by its partition, last, since it tells which ids there were; one row `erased` stays",
  },
  idempotency: { rule: "erased", why: "read through: answers that name the user, or a memory that is gone" },
  job: {
    rule: "erased",
    why: "read through: those that name memories that are gone; the user's id is taken out of the others",
  },
  partition: {
    rule: "kept",
    why: "the user's id and a counter, no content: sequences must go on, or old tokens and answers cached elsewhere would seem new",
  },
  receipt: { rule: "impersonal", why: "names its subject by a MAC alone" },
  setting: { rule: "impersonal", why: "sums over all ratings of a tenant, and times of jobs" },
  apiKey: { rule: "impersonal", why: "of the tenant's servers" },
};

/** Kinds of cache keys. An erasure clears the tenant's whole cache: keys are digests, so a user's cannot be told apart. */
export const CACHE_PLACES: Readonly<Record<string, Place>> = {
  "qw:": { rule: "erased", why: "an answer with the memories in it" },
  "qc:": { rule: "erased", why: "the same in the tier that lasts longest" },
  "ql:": { rule: "erased", why: "a question and the ids that answered it, kept for feedback" },
  "seq:": { rule: "erased", why: "where a partition stands, under the user's id" },
  "rl:": { rule: "erased", why: "requests of a key or a user's token in this minute" },
  "ip:": { rule: "impersonal", why: "failed keys of an address, hashed, of no tenant" },
};

/** Kinds of blobs, by the beginning of their keys. */
export const BLOB_PLACES: Readonly<Record<string, Place>> = {
  "jobs/": {
    rule: "erased",
    why: "texts of writes accepted for later: the user's are taken out, whatever became of the job",
  },
  "ledger/": {
    rule: "impersonal",
    why: "tombstones: a MAC, a sequence and a time, so that no restore brings back what was erased",
  },
};
