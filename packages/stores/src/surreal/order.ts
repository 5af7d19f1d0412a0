/** The order of the record store's keys and values: the overlay must sort as the engine does, or a merged page would skip rows. */

import type { IndexValue, KeyPart } from "@nexus/core";

/** Element by element; a shorter key comes before the keys that it begins. */
export function compareKeys(a: readonly KeyPart[], b: readonly KeyPart[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

export function beginsWith(key: readonly KeyPart[], prefix: readonly KeyPart[]): boolean {
  return prefix.every((part, i) => part === key[i]);
}

/** Absent first, then numbers, strings, dates; no column mixes the last three. */
export function compareValues(a: IndexValue | undefined, b: IndexValue | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  return Number(a) - Number(b);
}

/** By code point, which is the order of UTF-8 bytes. `<` would put an emoji (D83D …) before U+FF5E. */
function compareTexts(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates above the rest of the basic plane, as the code points that they stand for are. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** A key as one string, distinct for distinct keys. */
export function keyText(key: readonly KeyPart[]): string {
  return JSON.stringify(key);
}
