/** Runs of 64 KiB pages in a linear memory: best fit, neighbours joined, memory grown when nothing fits. */

import { NexusError } from "@nexus/core";

/** As large as a page of wasm memory, but from a base of any 64-byte offset. */
export const PAGE_BYTES = 65_536;
/** Memory grows by an eighth, up to this many pages at once: growing replaces the buffer and with it every view. */
const MOST_GROWTH = 256;

export interface PageRuns {
  /** throws  `index.full` where neither the budget nor the engine leaves that many pages; nothing has changed then */
  take(pages: number): { readonly offset: number; readonly reused: boolean };
  give(offset: number, pages: number): void;
  /** From the base to the end of the highest page that was ever taken. */
  reservedBytes(): number;
}

interface Run {
  offset: number;
  pages: number;
}

export function createPageRuns(memory: WebAssembly.Memory, base: number, maxBytes: number): PageRuns {
  /** Ascending offsets; no two touch. */
  const free: Run[] = [];
  let top = base;

  function fit(pages: number): number {
    let best = -1;
    for (const [i, run] of free.entries()) {
      if (run.pages >= pages && (best < 0 || run.pages < free[best]!.pages)) best = i;
    }
    return best;
  }

  /** Moves the top; the run that ends there, if any, is the first part of what is taken. */
  function extend(pages: number): number {
    const last = free.at(-1);
    const open = last !== undefined && last.offset + last.pages * PAGE_BYTES === top ? last : undefined;
    const offset = open?.offset ?? top;
    const end = offset + pages * PAGE_BYTES;
    if (end - base > maxBytes) {
      throw full(`${end - base} bytes are needed, the budget is ${maxBytes}`);
    }
    ensure(memory, end, base + maxBytes);
    if (open !== undefined) free.pop();
    top = end;
    return offset;
  }

  return {
    take(pages) {
      const best = fit(pages);
      if (best < 0) {
        const before = top;
        const offset = extend(pages);
        return { offset, reused: offset < before };
      }
      const run = free[best]!;
      const { offset } = run;
      if (run.pages === pages) free.splice(best, 1);
      else {
        run.offset += pages * PAGE_BYTES;
        run.pages -= pages;
      }
      return { offset, reused: true };
    },

    give(offset, pages) {
      let at = free.findIndex((run) => run.offset > offset);
      if (at < 0) at = free.length;
      const before = free[at - 1];
      const after = free[at];
      const run: Run = { offset, pages };
      const joinsAfter = after !== undefined && offset + pages * PAGE_BYTES === after.offset;
      if (joinsAfter) run.pages += after.pages;
      if (before !== undefined && before.offset + before.pages * PAGE_BYTES === offset) {
        before.pages += run.pages;
        if (joinsAfter) free.splice(at, 1);
      } else free.splice(at, joinsAfter ? 1 : 0, run);
    },

    reservedBytes: () => top - base,
  };
}

/** Makes the memory reach to `end`, and somewhat further where `limit` and the engine allow it. */
function ensure(memory: WebAssembly.Memory, end: number, limit: number): void {
  const bytes = memory.buffer.byteLength;
  if (end <= bytes) return;
  const least = Math.ceil((end - bytes) / PAGE_BYTES);
  const spare = Math.floor((limit - bytes) / PAGE_BYTES);
  const wanted = Math.max(least, Math.min(spare, MOST_GROWTH, Math.floor(bytes / PAGE_BYTES / 8)));
  try {
    memory.grow(wanted);
  } catch {
    try {
      memory.grow(least);
    } catch (cause) {
      throw full(`the engine gives no ${least} pages beyond ${bytes} bytes`, cause);
    }
  }
}

function full(what: string, cause?: unknown): NexusError {
  return new NexusError("index.full", `[nexus/kernels:arena] ${what}; raise the limit or remove vectors`, { cause });
}
