/** Random histories of two processes over shared stores, every answer from a cache compared with an uncached one. */

import type { Clock, Random, TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import type { MemoryService, RecallResponse } from "@nexus/memory";
import { expect, it } from "vitest";
import { newMemory, recallRequest } from "../support/memory-world.ts";
import { openProcesses, type Processes } from "../support/processes.ts";
import { seeded } from "../support/random.ts";

const HISTORIES = 5_000;
const STEPS = 5;
/** Histories that share stores, each as a tenant of its own. */
const IN_ONE_PLACE = 500;
const PROCESSES = 2;
const HOUR = 3_600_000;
const WAITS = [1, 400, 1_000, 5_000, 1.5 * HOUR, 25 * HOUR, 8 * 24 * HOUR];
const PATIENCE = [0, 0, 1_000, 1_000, 5_000];
/** Some state one fact twice, some replace another's. */
const TEXTS = [
  "I live in Lisbon",
  "I live in Porto now",
  "I moved to Berlin last month",
  "The heron nests by the mill",
  "The heron nests by the mill.",
  "The otter swims at dawn",
  "My phone number is 555 0101",
  "Yesterday the heron was at the mill",
];
/** One question in two wordings. */
const PAIRS = [
  ["where does the heron nest?", "where does the heron nest, please?"],
  ["where do I live?", "where do I live now?"],
] as const;
const OTHERS = ["what happened yesterday at the mill?", "otter", "phone number"];

const random = seeded(7);
const below = (n: number): number => Math.floor(random() * n);
const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
let now = Date.UTC(2025, 0, 15, 12);
const clock: Clock = { now: () => now, monotonic: () => now };
const bytes: Random = {
  bytes(target) {
    for (let i = 0; i < target.length; i++) target[i] = below(256);
    return target;
  },
};
const counts: Record<string, number> = {};
const tally = (name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly score: number;
  readonly expiresAt: number;
}

function shown({ results }: RecallResponse): Shown[] {
  return results.map(({ memory, score }) => ({
    id: memory.id,
    state: JSON.stringify([memory.version, memory.seq, memory.status, memory.content, memory.metadata]),
    score,
    expiresAt: memory.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
  }));
}

/** Scores may have moved with the age of what was learnt, by less than a rating moves them. */
const DRIFT = 0.01;

function isSame(found: readonly Shown[], expected: readonly Shown[]): boolean {
  const scores = new Map(expected.map(({ id, state, score }) => [`${id} ${state}`, score]));
  return (
    found.length === expected.length &&
    found.every(({ id, state, score }) => Math.abs((scores.get(`${id} ${state}`) ?? Number.NaN) - score) < DRIFT)
  );
}

/** One user of one tenant: what was written when, and what an uncached answer was at each state. */
class History {
  readonly #place: Processes;
  readonly #scope: TenantScope;
  /** By state and query: the uncached answer when it was first asked for in that state. */
  readonly #expected = new Map<string, Shown[]>();
  /** Acknowledged writes: the state after them, when, and by whom. */
  readonly #writes: { readonly seq: number; readonly at: number; readonly by: number }[] = [];
  #ids: string[] = [];
  #last: { readonly queryId: string; readonly memoryId: string } | undefined;
  /** A few, so that they meet again. */
  readonly #queries: readonly string[] = [...pick(PAIRS), pick(OTHERS)];
  readonly violations: string[] = [];

  constructor(place: Processes, scope: TenantScope) {
    this.#place = place;
    this.#scope = scope;
  }

  async step(): Promise<void> {
    const by = below(PROCESSES);
    const memory = this.#place.processes[by] as MemoryService;
    const writer = { scope: this.#scope, keyId: "k" };
    const kind = below(18);
    const id = this.#ids.length > 0 ? pick(this.#ids) : undefined;
    if (kind < 3 || id === undefined) await this.#remember(by);
    else if (kind === 3)
      await this.#change(by, "patch", async () => {
        const content = below(2) === 0 ? { content: pick(TEXTS) } : { metadata: { n: below(9) } };
        return (await memory.patch(writer, id, content, {})).seqs;
      });
    else if (kind === 4)
      await this.#change(by, "delete", async () => {
        this.#ids = this.#ids.filter((other) => other !== id);
        return (await memory.forget(writer, id)).seqs;
      });
    else if (kind === 5)
      await this.#change(
        by,
        "invalidate",
        async () => (await memory.invalidate(writer, id, { reason: "test" }, {})).seqs,
      );
    else if (kind === 6)
      await this.#change(by, "feedback", async () => {
        if (!this.#last) return [];
        return (await memory.rate(writer, { ...this.#last, rating: pick([-1, 0, 1]) })).seqs;
      });
    else if (kind < 9) now += pick(WAITS);
    else await this.#read(by, pick(this.#queries));
  }

  /** What chance seldom does: one process asks the same in two states, and the other a day after. */
  async returns(): Promise<void> {
    const query = pick(this.#queries);
    await this.#read(0, query);
    await this.#remember(1);
    await this.#read(0, query);
    now += 25 * HOUR;
    await this.#read(below(PROCESSES), query);
  }

  async #remember(by: number): Promise<void> {
    const memory = this.#place.processes[by] as MemoryService;
    const expiresAt = below(2) === 0 ? new Date(now + pick(WAITS)) : undefined;
    const { results, seqs } = await memory.remember({ scope: this.#scope, keyId: "k" }, [
      newMemory(pick(TEXTS), { expiresAt }),
    ]);
    for (const result of results) if (result.id !== null) this.#ids.push(result.id);
    tally(`write ${results[0]?.event}`);
    this.#wrote(seqs, by);
  }

  /** A write that the memory's state may refuse: it is gone, or merged into another one. */
  async #change(by: number, kind: string, write: () => Promise<readonly { seq: number }[]>): Promise<void> {
    try {
      this.#wrote(await write(), by);
      tally(kind);
    } catch (error) {
      if (!/not_found|time_invalid|memory\./.test(String((error as { code?: string }).code))) throw error;
      tally(`${kind} refused`);
    }
  }

  #wrote(seqs: readonly { readonly seq: number }[], by: number): void {
    for (const { seq } of seqs) this.#writes.push({ seq, at: now, by });
  }

  async #read(by: number, query: string): Promise<void> {
    const maxStalenessMs = pick(PATIENCE);
    const memory = this.#place.processes[by] as MemoryService;
    const answer = await memory.recall(this.#scope, recallRequest(query, { maxStalenessMs, k: 10 }));
    const { tier, semantic, seq } = answer.cache;
    const [best] = answer.results;
    if (best) this.#last = { queryId: answer.queryId, memoryId: best.memory.id };
    tally(`read ${semantic ? "semantic" : (tier ?? "searched")}`);
    // What was written before the patience began, or by this process, must be in it.
    const due = this.#writes.filter((write) => write.by === by || write.at <= now - maxStalenessMs);
    const least = Math.max(0, ...due.map((write) => write.seq));
    const latest = Math.max(0, ...this.#writes.map((write) => write.seq));
    if ((seq ?? 0) < least) this.#report(query, `state ${seq} is older than promised: ${least}`);
    if (seq !== latest) tally("read behind, within the promise");
    const name = `${seq} ${query} ${query.includes("yesterday") ? Math.floor(now / 86_400_000) : ""}`;
    // What a search found just now is as good as the oracle, which is asked all the same now and then. With a source
    // too late on a busy machine it is neither, and no cache keeps it.
    if (answer.skipped.length > 0) return;
    if (tier === null && below(10) > 0) this.#expected.set(name, shown(answer));
    else if (seq === latest) {
      tally("compared with the oracle");
      this.#expected.set(name, shown(await this.#uncached(query)));
    }
    const expected = this.#expected.get(name)?.filter(({ expiresAt }) => expiresAt > now);
    if (!expected) this.#report(query, `state ${seq} was never searched`);
    else if (semantic) this.#compareSets(query, shown(answer), expected);
    else if (!isSame(shown(answer), expected))
      this.#report(query, `${tier} ${JSON.stringify(shown(answer))} instead of ${JSON.stringify(expected)}`);
  }

  async #uncached(query: string): Promise<RecallResponse> {
    const answer = await this.#place.oracle.recall(this.#scope, recallRequest(query, { k: 10 }));
    return answer.skipped.length === 0 ? answer : await this.#uncached(query);
  }

  /** Another query's candidates may lack a memory that only this one finds; what they bring must be as it is. */
  #compareSets(query: string, found: readonly Shown[], expected: readonly Shown[]): void {
    const states = new Set(expected.map(({ id, state }) => `${id} ${state}`));
    if (found.some(({ id, state }) => !states.has(`${id} ${state}`))) this.#report(query, "semantic");
    if (found.length < expected.length) tally("semantic answer without a memory that only its own search finds");
  }

  #report(query: string, what: string): void {
    this.violations.push(`${this.#scope.tenant} “${query}”: ${what}`);
  }
}

it(
  `${HISTORIES} histories of writes, merges, supersedes, patches, deletes, feedback, expiry and time, read by two processes through every tier: 0 stale answers beyond the promise`,
  { timeout: 240_000 },
  async () => {
    const violations: string[] = [];
    for (let from = 0; from < HISTORIES; from += IN_ONE_PLACE) {
      const place = openProcesses(PROCESSES, {
        clock,
        random: bytes,
        onLookUp: (tier, result) => tally(`${tier} ${result}`),
      });
      const names = Array.from({ length: IN_ONE_PLACE }, (_, i) => `h${from + i}`);
      for (const scope of systemScopes("test", names)) {
        const history = new History(place, scope);
        for (let step = 0; step < STEPS; step++) await history.step();
        if (below(6) === 0) await history.returns();
        violations.push(...history.violations);
      }
    }
    console.log(JSON.stringify(counts));
    expect(violations).toEqual([]);
    for (const tier of ["l1", "l2", "l3", "semantic"]) expect(counts[`read ${tier}`]).toBeGreaterThan(20);
  },
);
