/** Each policy against the plainest program that says the same. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEviction, EVICTION_NAMES, type EvictionName } from "./policy.ts";

type Step = { readonly kind: "use" | "drop"; readonly key: string };

const LIFE = 25;
const CAPACITY = 5;
const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom("use", "use", "use", "use", "drop"),
    key: fc.integer({ min: 0, max: 14 }).map((n) => `k${n}`),
  }),
  { minLength: 1, maxLength: 200 },
);

/** What a naive model knows of a held key. */
interface Use {
  readonly key: string;
  added: number;
  used: number;
  count: number;
}

/** The key that goes, of those held but for the newest, at this moment. */
const NAIVE: Readonly<Record<Exclude<EvictionName, "arc">, (held: readonly Use[], now: number) => Use | undefined>> = {
  lru: (held) => held.toSorted((a, b) => a.used - b.used)[0],
  lfu: (held) => held.toSorted((a, b) => a.count - b.count || a.used - b.used)[0],
  "ttl-lru": (held, now) =>
    held.filter(({ added }) => added + LIFE <= now).toSorted((a, b) => a.added - b.added)[0] ??
    held.toSorted((a, b) => a.used - b.used)[0],
};

/** Plays the steps on a cache of CAPACITY keys; the victims in order. */
function victims(name: EvictionName, played: readonly Step[]): string[] {
  const policy = createEviction(name);
  const held = new Set<string>();
  const gone: string[] = [];
  played.forEach(({ kind, key }, now) => {
    if (kind === "drop") {
      policy.drop(key);
      held.delete(key);
    } else if (held.has(key)) policy.touch(key);
    else {
      policy.add(key, now + LIFE);
      held.add(key);
      if (held.size <= CAPACITY) return;
      const victim = policy.evict(now);
      expect(victim).toBeDefined();
      expect(held.delete(victim!), `${victim} is held`).toBe(true);
      expect(victim).not.toBe(key);
      gone.push(victim!);
    }
  });
  return gone;
}

function naiveVictims(name: Exclude<EvictionName, "arc">, played: readonly Step[]): string[] {
  let held: Use[] = [];
  const gone: string[] = [];
  played.forEach(({ kind, key }, now) => {
    const found = held.find((use) => use.key === key);
    if (kind === "drop") held = held.filter((use) => use !== found);
    else if (found) {
      found.used = now;
      found.count++;
    } else {
      const victim = held.length === CAPACITY ? NAIVE[name](held, now) : undefined;
      if (victim) gone.push(victim.key);
      held = [...held.filter((use) => use !== victim), { key, added: now, used: now, count: 1 }];
    }
  });
  return gone;
}

/** ARC as the paper's figure 4 writes it, with arrays whose last element is the most recent. */
function paperArc(requests: readonly string[], c: number): string[] {
  let [t1, t2, b1, b2]: [string[], string[], string[], string[]] = [[], [], [], []];
  let p = 0;
  const gone: string[] = [];
  const without = (from: string[], key: string): string[] => from.filter((other) => other !== key);
  const replace = (x: string): void => {
    if (t1.length > 0 && (t1.length > p || (b2.includes(x) && t1.length === p))) {
      gone.push(t1[0]!);
      b1.push(t1.shift()!);
    } else {
      gone.push(t2[0]!);
      b2.push(t2.shift()!);
    }
  };
  for (const x of requests) {
    if (t1.includes(x) || t2.includes(x)) {
      [t1, t2] = [without(t1, x), [...without(t2, x), x]];
    } else if (b1.includes(x)) {
      p = Math.min(c, p + Math.max(b2.length / b1.length, 1));
      replace(x);
      [b1, t2] = [without(b1, x), [...t2, x]];
    } else if (b2.includes(x)) {
      p = Math.max(0, p - Math.max(b1.length / b2.length, 1));
      replace(x);
      [b2, t2] = [without(b2, x), [...t2, x]];
    } else {
      if (t1.length + b1.length === c) {
        if (t1.length < c) {
          b1.shift();
          replace(x);
        } else gone.push(t1.shift()!);
      } else if (t1.length + t2.length + b1.length + b2.length >= c) {
        if (t1.length + t2.length + b1.length + b2.length === 2 * c) b2.shift();
        replace(x);
      }
      t1.push(x);
    }
  }
  return gone;
}

describe("eviction", () => {
  for (const name of ["lru", "lfu", "ttl-lru"] as const) {
    it(`${name} gives up what a plain program would, whatever was used, dropped and added again`, () => {
      fc.assert(
        fc.property(steps, (played) => {
          expect(victims(name, played)).toEqual(naiveVictims(name, played));
        }),
      );
    });
  }

  it("arc gives up what the paper's program gives up", () => {
    const requests = fc.array(
      fc.integer({ min: 0, max: 14 }).map((n) => `k${n}`),
      { minLength: 1, maxLength: 300 },
    );
    fc.assert(
      fc.property(requests, (keys) => {
        const played = keys.map((key) => ({ kind: "use", key }) as const);
        expect(victims("arc", played)).toEqual(paperArc(keys, CAPACITY));
      }),
    );
  });

  it("arc gives up held keys only, never the newest, when keys are dropped as well", () => {
    fc.assert(fc.property(steps, (played) => void victims("arc", played)));
  });

  it("arc keeps what was used twice through a scan of ten times its size, which lru does not", () => {
    const hot = ["a", "b", "a", "b"];
    const scan = Array.from({ length: 10 * CAPACITY }, (_, i) => `scan${i}`);
    const played = [...hot, ...scan].map((key) => ({ kind: "use", key }) as const);
    expect(victims("arc", played).filter((key) => hot.includes(key))).toEqual([]);
    expect(victims("lru", played).filter((key) => hot.includes(key))).toEqual(["a", "b"]);
  });

  for (const name of EVICTION_NAMES) {
    it(`${name} gives up its only key, and nothing when it holds none`, () => {
      const policy = createEviction(name);
      expect(policy.evict(0)).toBeUndefined();
      policy.add("only", Infinity);
      policy.touch("only");
      expect(policy.evict(0)).toBe("only");
      expect(policy.evict(0)).toBeUndefined();
      policy.drop("unknown");
      policy.touch("unknown");
      expect(policy.evict(0)).toBeUndefined();
    });
  }
});
