/** Regions of a linear memory by size class: what is released is used again, since wasm memory cannot shrink. */

import { NexusError } from "@nexus/core";
import { createPageRuns, PAGE_BYTES } from "./page-runs.ts";

export interface Arena {
  /**
   * A region of at least `bytes`, 64-byte aligned; what it holds is left from before. May grow the memory: views of `memory.buffer` from before may be dead.
   *
   * returns  the offset in bytes
   * cost     a pop from a list, or a look through the free page runs
   * throws   `index.full` where neither the budget nor the engine leaves that many bytes; all is as it was then
   */
  allocate(bytes: number): number;
  /** Gives a region back; `bytes` as it was allocated, and not twice (not checked). */
  release(offset: number, bytes: number): void;
  stats(): ArenaStats;
}

/** In bytes, and counts since the start. Used and free add up to reserved. */
export interface ArenaStats {
  /** Regions that are out, rounded up to their size classes. */
  readonly usedBytes: number;
  /** What comes before new memory. */
  readonly freeBytes: number;
  /** Taken from the memory, ever. */
  readonly reservedBytes: number;
  readonly allocations: number;
  /** Allocations that got bytes which had been released. */
  readonly reuses: number;
}

export interface ArenaOptions {
  /** Offset from which on the memory is the arena's alone. */
  readonly base: number;
  /** The most that `reservedBytes` may become. */
  readonly maxBytes: number;
}

/** 128 f32 numbers. */
const SMALLEST_BYTES = 512;

/**
 * Size classes are the powers of two from 512 bytes to 64 KiB, then the multiples of 64 KiB. Classes below 64 KiB carve up
 * pages of their own, which they keep; pages are taken where they fit best, neighbours melt together when they are released.
 */
export function createArena(memory: WebAssembly.Memory, { base, maxBytes }: ArenaOptions): Arena {
  const runs = createPageRuns(memory, Math.ceil(base / 64) * 64, maxBytes);
  /** Class in bytes → offsets of its free regions. */
  const free = new Map<number, number[]>();
  /** Class in bytes → the part of its newest page that was never out. */
  const fresh = new Map<number, { next: number; end: number }>();
  let usedBytes = 0;
  let allocations = 0;
  let reuses = 0;

  function allocateSmall(size: number): number {
    const released = free.get(size)?.pop();
    if (released !== undefined) {
      reuses++;
      return released;
    }
    let page = fresh.get(size);
    if (page === undefined || page.next === page.end) {
      const { offset } = runs.take(1);
      page = { next: offset, end: offset + PAGE_BYTES };
      fresh.set(size, page);
    }
    page.next += size;
    return page.next - size;
  }

  function allocatePages(size: number): number {
    const { offset, reused } = runs.take(size / PAGE_BYTES);
    if (reused) reuses++;
    return offset;
  }

  return {
    allocate(bytes) {
      const size = sizeClass(bytes);
      const offset = size < PAGE_BYTES ? allocateSmall(size) : allocatePages(size);
      usedBytes += size;
      allocations++;
      return offset;
    },

    release(offset, bytes) {
      const size = sizeClass(bytes);
      usedBytes -= size;
      if (size >= PAGE_BYTES) return runs.give(offset, size / PAGE_BYTES);
      const list = free.get(size);
      if (list === undefined) free.set(size, [offset]);
      else list.push(offset);
    },

    stats() {
      const reservedBytes = runs.reservedBytes();
      return { usedBytes, freeBytes: reservedBytes - usedBytes, reservedBytes, allocations, reuses };
    },
  };
}

/** The bytes that a region of `bytes` takes up. */
export function sizeClass(bytes: number): number {
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw new NexusError(
      "index.full",
      `[nexus/kernels:arena] ${bytes} is no number of bytes; ask for a whole number below 4 GiB`,
    );
  }
  if (bytes > PAGE_BYTES / 2) return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
  let size = SMALLEST_BYTES;
  while (size < bytes) size *= 2;
  return size;
}
