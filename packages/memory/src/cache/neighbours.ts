/** The semantic cache: earlier queries of the same scope and state whose candidates may serve a new wording. */

import { apart, type Wording } from "./wording.ts";

/** A query that was answered by a whole search. */
export interface Answered extends Nearby {
  readonly vector: Float32Array;
  /** By the deep model, where there is one. */
  readonly deep?: Float32Array | undefined;
  readonly wording: Wording;
  /** Where its partition stood. */
  readonly seq: number;
  /** First moment at which time alone changes its answer. */
  readonly validUntil: number;
}

/** What an earlier query offers to a later one. */
export interface Nearby {
  /** The memories that its search considered, best first. */
  readonly candidates: readonly string[];
  readonly createdAt: number;
}

export interface Neighbours {
  /** Keeps a query of `group`; those of an older state are forgotten with it. */
  add(group: string, query: Answered): void;
  /**
   * The nearest earlier query of the same state that asks the same, "guarded" when those near by ask something else, or undefined.
   *
   * cost  a dot product for each query kept, a comparison of words for the nearest
   */
  nearest(
    group: string,
    query: Pick<Answered, "vector" | "deep" | "wording" | "seq"> & { readonly now: number },
  ): Nearby | "guarded" | undefined;
  /** Forgets all groups whose names begin so. */
  forget(prefix: string): void;
}

interface Group {
  readonly seq: number;
  /** In no order once there are as many as are kept: the next one takes the place of the oldest. */
  readonly queries: Answered[];
  /** Their vectors, one after another: read in a row they cost a seventh of what arrays of their own do. */
  vectors: Float32Array;
  oldest: number;
}

/** Queries kept of one scope and filter, and of all: 1 KiB of vector each at 256 dimensions, and as much for words and candidates. */
const MAX_QUERIES = 512;
const MAX_ALL = 16_384;
/** Nearest by vector, whose words are then compared. */
const COMPARED = 8;
/** Below this cosine two queries share too little to be worth comparing. */
const MIN_COSINE = 0.5;

/** `minScore`: 1 − how far apart two wordings may be; `deepMinScore` where a deep model has told of both. */
export function createNeighbours({
  minScore,
  deepMinScore = minScore,
}: {
  readonly minScore: number;
  readonly deepMinScore?: number;
}): Neighbours {
  /** In order of use, the latest last. */
  const groups = new Map<string, Group>();
  let kept = 0;

  const drop = (name: string, group: Group): void => {
    groups.delete(name);
    kept -= group.queries.length;
  };

  return {
    add(name, query) {
      const { seq } = query;
      let group = groups.get(name);
      if (group && group.seq > seq) return;
      if (group) drop(name, group);
      if (!group || group.seq < seq) group = { seq, queries: [], vectors: new Float32Array(0), oldest: 0 };
      keep(group, query);
      groups.set(name, group);
      kept += group.queries.length;
      for (const [oldest, other] of groups) {
        if (kept <= MAX_ALL) break;
        drop(oldest, other);
      }
    },
    forget(prefix) {
      for (const [name, group] of groups) if (name.startsWith(prefix)) drop(name, group);
    },
    nearest(name, { vector, deep, wording, seq, now }) {
      const group = groups.get(name);
      if (!group || group.seq !== seq) return undefined;
      const near = group.queries
        .map((query, i) => ({ query, cosine: dot(vector, group.vectors, i * vector.length) }))
        .filter(({ query, cosine }) => cosine >= MIN_COSINE && query.validUntil > now)
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, COMPARED);
      let best: Answered | undefined;
      // By how much it is nearer than it must be: the two rules have limits of their own.
      let most = 0;
      for (const { query, cosine } of near) {
        const deepCosine = deep && query.deep ? dot(deep, query.deep, 0) : undefined;
        const distance = apart(wording, query.wording, cosine, deepCosine);
        const limit = 1 - (deepCosine === undefined ? minScore : deepMinScore);
        if (distance === undefined || limit - distance < most) continue;
        best = query;
        most = limit - distance;
      }
      return best ?? (near.length > 0 ? "guarded" : undefined);
    },
  };
}

function keep(group: Group, query: Answered): void {
  const { length } = query.vector;
  const isFull = group.queries.length >= MAX_QUERIES;
  const place = isFull ? group.oldest : group.queries.length;
  if (isFull) group.oldest = (group.oldest + 1) % MAX_QUERIES;
  if ((place + 1) * length > group.vectors.length) {
    const grown = new Float32Array(Math.min(MAX_QUERIES, Math.max(8, 2 * place)) * length);
    grown.set(group.vectors);
    group.vectors = grown;
  }
  group.queries[place] = query;
  group.vectors.set(query.vector, place * length);
}

/** Of `a` and as many numbers of `b` from `from` on. */
function dot(a: Float32Array, b: Float32Array, from: number): number {
  // Four sums, since each addition would otherwise wait for the one before it: 512 queries in 60 µs instead of 600.
  let [s, t, u, v] = [0, 0, 0, 0];
  for (let i = 0; i + 3 < a.length; i += 4) {
    s += a[i]! * b[from + i]!;
    t += a[i + 1]! * b[from + i + 1]!;
    u += a[i + 2]! * b[from + i + 2]!;
    v += a[i + 3]! * b[from + i + 3]!;
  }
  let sum = s + t + (u + v);
  for (let i = a.length & ~3; i < a.length; i++) sum += a[i]! * b[from + i]!;
  return sum;
}
