/** A small seeded generator (mulberry32), 0 ≤ x < 1: the same seed trains the same weights. */

export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Fisher and Yates, in place. */
export function shuffle<T extends { [place: number]: unknown; readonly length: number }>(
  items: T,
  random: () => number,
): T {
  const array = items as { [place: number]: unknown; readonly length: number };
  for (let i = array.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [array[i], array[j]] = [array[j], array[i]];
  }
  return items;
}
