/** Mining engine: what a user's memories come back to, and what has grown since the day, week or month before. */

import type { Topics } from "./topics.ts";

export type TrendWindow = "day" | "week" | "month";

/** A memory as mining sees it. */
export interface Mention {
  readonly id: string;
  /** When it was so, milliseconds. */
  readonly at: number;
  readonly topics: Topics;
}

export interface Trend {
  /** The topic as it is mostly written, with up to two others that come with it. */
  readonly topic: string;
  readonly terms: readonly string[];
  readonly window: TrendWindow;
  /** Memories of the window that mention it. */
  readonly frequency: number;
  /** (now + 1)/(before + 1) − 1. */
  readonly growthRate: number;
  /** The window, milliseconds: after `from`, up to `to`. */
  readonly from: number;
  readonly to: number;
  /** Newest first. */
  readonly memoryIds: readonly string[];
}

export const WINDOW_MS: Readonly<Record<TrendWindow, number>> = {
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
};

const MIN_MENTIONS = 5;
const MIN_Z = 2;
/** For a word that is no name and was used before: of a thousand such words, many are two standard deviations of nothing. At 3 a third of the planted trends of test/eval/engines is lost. */
const MIN_Z_KNOWN = 2.5;
/** Topics whose memories overlap so far are one cluster. */
const SAME_MEMORIES = 0.6;
const MAX_TERMS = 3;
const MAX_TRENDS = 100;
/** From so many memories in the window before, more memories now are taken for more talk, not for more of every topic. */
const ENOUGH_BEFORE = 20;

/**
 * Topics that came up at least 5 times in the window that ends `now` and more often than the window before and the
 * usual one explain (Poisson z ≥ 2), the most surprising first.
 *
 * z        (n − λ)/√λ, λ = max(1, mentions in the window before, mean of all windows before) × growth of all talk: a user
 *          who writes thrice as much has no trend in every word
 * cost     one pass over the mentions of both windows
 */
export function trendsOf(mentions: readonly Mention[], now: number, window: TrendWindow): Trend[] {
  const from = now - WINDOW_MS[window];
  const recent = mentions.filter(({ at }) => at > from && at <= now);
  const former = mentions.filter(({ at }) => at > from - WINDOW_MS[window] && at <= from);
  const talk = former.length < ENOUGH_BEFORE ? 1 : Math.max(1, recent.length / former.length);
  const before = count(former);
  const past = mentions.filter(({ at }) => at <= from);
  const windows = Math.max(1, (from - past.reduce((oldest, { at }) => Math.min(oldest, at), from)) / WINDOW_MS[window]);
  const known = count(past);
  const risen = [...count(recent)].flatMap(([key, found]) => {
    const n = found.mentions.length;
    const last = before.get(key)?.mentions.length ?? 0;
    const usual = (known.get(key)?.mentions.length ?? 0) / windows;
    const expected = Math.max(1, Math.max(last, usual) * talk);
    const z = (n - expected) / Math.sqrt(expected);
    return n >= MIN_MENTIONS && z >= (known.has(key) && !isName(key) ? MIN_Z_KNOWN : MIN_Z)
      ? [{ key, ...found, earlier: last, z }]
      : [];
  });
  risen.sort((a, b) => b.z - a.z || (a.key < b.key ? -1 : 1));
  return clusters(risen)
    .slice(0, MAX_TRENDS)
    .map(([lead, ...others]) => ({
      topic: [lead, ...others].slice(0, MAX_TERMS).map(labelOf).join(" "),
      terms: [lead, ...others].map(labelOf),
      window,
      frequency: lead.mentions.length,
      growthRate: (lead.mentions.length + 1) / (lead.earlier + 1) - 1,
      from,
      to: now,
      memoryIds: lead.mentions.toSorted((a, b) => b.at - a.at).map(({ id }) => id),
    }));
}

interface Counted {
  readonly mentions: Mention[];
  /** Spelling → how often. */
  readonly labels: Map<string, number>;
}

interface Risen extends Counted {
  readonly key: string;
  readonly earlier: number;
  readonly z: number;
}

function count(mentions: readonly Mention[]): Map<string, Counted> {
  const counted = new Map<string, Counted>();
  for (const mention of mentions) {
    for (const [key, label] of mention.topics) {
      const entry = counted.get(key) ?? { mentions: [], labels: new Map<string, number>() };
      entry.mentions.push(mention);
      entry.labels.set(label, (entry.labels.get(label) ?? 0) + 1);
      counted.set(key, entry);
    }
  }
  return counted;
}

/** Each topic joins the first cluster whose lead is mentioned by nearly the same memories; names lead before words. */
function clusters(risen: readonly Risen[]): [Risen, ...Risen[]][] {
  const found: [Risen, ...Risen[]][] = [];
  for (const topic of risen.toSorted((a, b) => Number(isName(b.key)) - Number(isName(a.key)))) {
    const cluster = found.find(([lead]) => overlap(lead.mentions, topic.mentions) >= SAME_MEMORIES);
    if (cluster) cluster.push(topic);
    else found.push([topic]);
  }
  return found.sort(([a], [b]) => b.z - a.z || (a.key < b.key ? -1 : 1));
}

function isName(key: string): boolean {
  return key.startsWith("e:");
}

/** Jaccard. */
function overlap(a: readonly Mention[], b: readonly Mention[]): number {
  const ids = new Set(a.map(({ id }) => id));
  const both = b.filter(({ id }) => ids.has(id)).length;
  return both / (a.length + b.length - both);
}

function labelOf({ labels }: Counted): string {
  return [...labels].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? "";
}
