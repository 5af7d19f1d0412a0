/** Which of the levels' memories a token budget holds. */

import type { ContextLevel } from "./context-service.ts";

/** In the order in which what one leaves over passes to the next. */
export const LEVELS: readonly ContextLevel[] = ["immediate", "recent", "longTerm"];

/** Share of the budget of each level. Source: details.md, 7. */
const SHARES: Readonly<Record<ContextLevel, number>> = { immediate: 0.3, recent: 0.3, longTerm: 0.4 };

/** A memory that a level offers, and what it would cost. */
export interface Offer {
  readonly id: string;
  readonly tokens: number;
}

export interface Packed<T> {
  readonly level: ContextLevel;
  readonly offer: T;
}

/**
 * The best of each level, best first, that fit: one that does not is skipped, not the end. What a level leaves over passes
 * on to the next, and after the last once more round. A memory counts for the first level that offers it.
 *
 * returns  offers of at most `maxTokens` in all, each memory once
 */
export function pack<T extends Offer>(
  offers: Readonly<Partial<Record<ContextLevel, readonly T[]>>>,
  maxTokens: number,
): Packed<T>[] {
  const owner = new Map<string, ContextLevel>();
  for (const level of LEVELS) for (const { id } of offers[level] ?? []) if (!owner.has(id)) owner.set(id, level);
  const taken = new Set<string>();
  const packed: Packed<T>[] = [];
  let left = 0;
  const take = (level: ContextLevel): void => {
    for (const offer of offers[level] ?? []) {
      if (offer.tokens > left || taken.has(offer.id) || owner.get(offer.id) !== level) continue;
      taken.add(offer.id);
      packed.push({ level, offer });
      left -= offer.tokens;
    }
  };
  let shared = 0;
  for (const level of LEVELS) {
    // The last share is the rest, so that rounding loses nothing.
    const share = level === LEVELS.at(-1) ? maxTokens - shared : Math.floor(maxTokens * SHARES[level]);
    shared += share;
    left += share;
    take(level);
  }
  for (const level of LEVELS) take(level);
  return packed;
}
