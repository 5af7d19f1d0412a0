import { systemScopes } from "@nexus/core/authority";
import type { Labels, TenantScope } from "@nexus/core";
import { createMemoryCache } from "@nexus/stores";
import { describe, expect, it } from "vitest";
import { memoryRow } from "../../../../test/support/record-rows.ts";
import { openWorld } from "../../../../test/support/memory-world.ts";
import { createPartitions } from "../partitions.ts";
import type { RecallResponse } from "../requests.ts";
import { createTiers, type Looked, type Tiers } from "./tiers.ts";

const world = await openWorld();
const { clock, records } = world.dependencies;
const HOUR = 3_600_000;
const TTLS = { l1TtlSeconds: 3_600, l2TtlSeconds: 86_400, l3TtlSeconds: 604_800 };

let tenants = 0;

/** Two processes over one shared cache, for a tenant of their own. */
function place({ isShared = true, ttls = TTLS }: { isShared?: boolean; ttls?: typeof TTLS } = {}) {
  const [scope] = systemScopes("test", [`tiers-${++tenants}`]) as [TenantScope];
  const counts: Record<string, number> = {};
  const count = (name: string, labels: Labels = {}): void => {
    const series = [name, ...Object.values(labels)].join(" ");
    counts[series] = (counts[series] ?? 0) + 1;
  };
  const telemetry = { ...world.dependencies.telemetry, count };
  const create = () => createMemoryCache({ clock, maxEntries: 100, maxBytes: 10_000_000 });
  const shared = isShared ? create() : undefined;
  const start = (): Tiers => {
    const cache = create();
    const partitions = createPartitions(records, shared ?? cache, shared && clock);
    return createTiers({ cache, shared, records, partitions, clock, telemetry, settings: ttls });
  };
  return { scope, shared, counts, first: start(), second: start() };
}

function answer(
  times: { expiresAt?: Date; validFrom?: Date; validTo?: Date; occurredFrom?: Date } = {},
): RecallResponse {
  return {
    queryId: "q1.x",
    results: [
      {
        memory: memoryRow("m", times),
        score: 0.5,
        confidence: 0.5,
        sources: ["dense"],
        factors: { semantic: 0, keyword: 0, recency: 0, quality: 0, domain: 0, preference: 0, agreement: 1 },
        explanation: "x",
        spans: [],
      },
    ],
    confidence: 0.5,
    path: "smart",
    escalations: [],
    analysis: {
      domain: "general",
      complexity: "simple",
      cacheProbability: 0,
      hasReference: false,
      language: "en",
      capped: false,
    },
    cache: { tier: null, semantic: false, ageMs: null, seq: 0 },
    skipped: [],
    latencyMs: 1,
    timings: { analyse: 0, embed: 0, search: 0, fuse: 0, network: 0, cold: 0 },
    usage: { llmTokens: 0 },
  };
}

const EMPTY: RecallResponse = { ...answer(), results: [] };

interface Keeping {
  seq?: number;
  began?: number;
  isRelative?: boolean;
  seenBefore?: boolean;
}

async function keep(tiers: Tiers, scope: TenantScope, response: RecallResponse, given: Keeping = {}): Promise<void> {
  const { seq = 0, began = clock.now(), isRelative = false, seenBefore = false } = given;
  await tiers.keep(scope, "qw:k", { seq, began, response, isRelative }, seenBefore);
}

const look = async (tiers: Tiers, scope: TenantScope, maxStalenessMs = 0): Promise<Looked> =>
  await tiers.look(scope, "ana", "qw:k", maxStalenessMs);
const tierOf = async (tiers: Tiers, scope: TenantScope): Promise<string | null | undefined> =>
  (await look(tiers, scope)).response?.cache.tier;

describe("an entry of this process", () => {
  it("comes back as it was, its times as dates, again and again", async () => {
    const { scope, first } = place({ isShared: false });
    const at = clock.now();
    const times = { expiresAt: new Date(at + 5_000), validFrom: new Date(at - 5_000), occurredFrom: new Date(at) };
    await keep(first, scope, answer(times));
    for (let i = 0; i < 2; i++) expect((await look(first, scope)).response?.results).toEqual(answer(times).results);
  });

  it.each([-1, 1])("of a sequence %i away is not served", async (by) => {
    const { scope, first } = place({ isShared: false });
    await keep(first, scope, answer(), { seq: by });
    expect(await look(first, scope)).toEqual({ seq: 0 });
  });

  it.each(["expiresAt", "validFrom", "validTo"] as const)("ends at %s, not 1 ms before", async (field) => {
    const { scope, first } = place({ isShared: false });
    await keep(first, scope, answer({ [field]: new Date(clock.now() + 100) }));
    world.clock.advance(99);
    expect(await tierOf(first, scope)).toBe("l1");
    world.clock.advance(1);
    expect(await tierOf(first, scope)).toBeUndefined();
  });

  it("whose memory expired between its search and its writing is never served", async () => {
    const { scope, first } = place({ isShared: false });
    const began = clock.now();
    world.clock.advance(2);
    await keep(first, scope, answer({ expiresAt: new Date(began + 1) }), { began });
    expect(await tierOf(first, scope)).toBeUndefined();
  });

  it("is not held up by boundaries that had passed before", async () => {
    const { scope, first } = place({ isShared: false });
    await keep(first, scope, answer({ validFrom: new Date(clock.now() - 1), validTo: new Date(clock.now()) }));
    expect(await tierOf(first, scope)).toBe("l1");
  });

  it("of a query with a relative date ends with the day, in UTC", async () => {
    const { scope, first } = place({ isShared: false, ttls: { ...TTLS, l1TtlSeconds: 100 * 3_600 } });
    const midnight = (Math.floor(clock.now() / (24 * HOUR)) + 1) * 24 * HOUR;
    await keep(first, scope, answer(), { isRelative: true });
    world.clock.advance(midnight - clock.now() - 1);
    expect(await tierOf(first, scope)).toBe("l1");
    world.clock.advance(1);
    expect(await tierOf(first, scope)).toBeUndefined();
  });

  it("above 64 KiB is not kept", async () => {
    const { scope, first } = place({ isShared: false });
    const [result] = answer().results as [RecallResponse["results"][number]];
    const memory = { ...result.memory, content: "x".repeat(65_536) };
    await keep(first, scope, { ...answer(), results: [{ ...result, memory }] });
    expect(await tierOf(first, scope)).toBeUndefined();
  });
});

describe("an entry of another process", () => {
  it("is served from L2, then from L1, and counted as a hit and a promotion", async () => {
    const { scope, first, second, counts } = place();
    await keep(first, scope, EMPTY);
    expect([await tierOf(second, scope), await tierOf(second, scope)]).toEqual(["l2", "l1"]);
    expect(counts).toEqual({
      "cache_hits_total l1 miss": 1,
      "cache_hits_total l2 hit": 1,
      "cache_promotions_total l2": 1,
      "cache_hits_total l1 hit": 1,
    });
  });

  it("is in L3 after a day, only when its query was seen before, and 7 days at most through every promotion", async () => {
    const once = place();
    const twice = place();
    await keep(once.first, once.scope, EMPTY);
    await keep(twice.first, twice.scope, EMPTY, { seenBefore: true });
    world.clock.advance(24 * HOUR);
    expect(await tierOf(once.second, once.scope)).toBeUndefined();
    expect(await tierOf(twice.second, twice.scope)).toBe("l3");
    expect(await tierOf(twice.first, twice.scope)).toBe("l2");
    world.clock.advance(6 * 24 * HOUR - 1);
    expect(await tierOf(twice.second, twice.scope)).toBe("l3");
    world.clock.advance(1);
    expect(await tierOf(twice.second, twice.scope)).toBeUndefined();
    expect(await tierOf(twice.first, twice.scope)).toBeUndefined();
  });

  it("with a memory that is not in the records as it was found is not served, and counts as stale", async () => {
    const { scope, first, second, counts } = place();
    await keep(first, scope, answer());
    expect(await tierOf(second, scope)).toBeUndefined();
    expect(counts["cache_hits_total l2 stale"]).toBe(1);
  });

  it("is served while the last look at the sequence is recent enough, and no longer", async () => {
    const { scope, shared, first } = place();
    await keep(first, scope, EMPTY);
    await look(first, scope);
    await shared?.update(scope, "seq:ana", { max: { seq: 5 }, ttlSeconds: 60 });
    world.clock.advance(999);
    expect((await look(first, scope, 1_000)).response?.cache).toMatchObject({ tier: "l1", seq: 0 });
    world.clock.advance(1);
    expect(await look(first, scope, 1_000)).toEqual({ seq: 5 });
  });

  it("is not looked for with the tier turned off", async () => {
    const { scope, first, second } = place({ ttls: { ...TTLS, l2TtlSeconds: 0 } });
    await keep(first, scope, EMPTY);
    expect(await tierOf(second, scope)).toBeUndefined();
  });
});
