import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BACKGROUND_TURN, BatchQueue, type TakeOptions, type Waiting } from "./batch-queue.ts";

const OPTIONS: TakeOptions = { limit: 8, padding: "dynamic", maxTokens: 256, maxBatchTokens: 2_048 };

function waiting(content: string, background: boolean): Waiting {
  const nothing = (): void => {};
  return {
    input: { modality: "text", content },
    truncate: true,
    background,
    resolve: nothing,
    reject: nothing,
    isWanted: () => true,
  };
}

const lengthOf = (input: Waiting["input"]): number => ("content" in input ? input.content.length : 0);

describe("batch queue", () => {
  it("starves nobody: with p older ones in its line an input is in one of the next 5 · (p + 1) batches, whatever keeps coming", () => {
    const arrival = fc.record({ length: fc.integer({ min: 1, max: 300 }), background: fc.boolean() });
    const rounds = fc.array(fc.array(arrival, { maxLength: 12 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(rounds, fc.constantFrom("dynamic", "bucket", "power", "maximum"), (arrivals, padding) => {
        const queue = new BatchQueue();
        const due = new Map<Waiting, number>();
        const lines = { query: 0, background: 0 };
        for (let batch = 0; batch < arrivals.length || queue.size > 0; batch++) {
          for (const { length, background } of arrivals[batch] ?? []) {
            const one = waiting("x".repeat(length), background);
            const line = background ? "background" : "query";
            due.set(one, batch + (BACKGROUND_TURN + 1) * (lines[line] + 1));
            lines[line]++;
            queue.push(one);
          }
          const taken = queue.take(lengthOf, { ...OPTIONS, padding });
          expect(taken.length > 0).toBe(due.size > 0);
          for (const one of taken) {
            expect(batch).toBeLessThan(due.get(one)!);
            due.delete(one);
            lines[one.background ? "background" : "query"]--;
          }
        }
        expect(due.size).toBe(0);
      }),
    );
  });

  it("lets queries go first, and the background after four batches of them", () => {
    const queue = new BatchQueue();
    for (let i = 0; i < 60; i++) queue.push(waiting(`query ${i % 10}`, false));
    for (let i = 0; i < 20; i++) queue.push(waiting(`later ${i % 10}`, true));
    const kinds: boolean[] = [];
    while (queue.size > 0) kinds.push(queue.take(lengthOf, OPTIONS)[0]!.background);
    expect(kinds).toEqual([false, false, false, false, true, false, false, false, false, true, true]);
  });

  it("never pads more than a quarter, exceeds neither inputs nor tokens, and mixes no kinds", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 32 }), (all, limit) => {
        const queue = new BatchQueue();
        for (const [i, length] of all.entries())
          queue.push({ ...waiting("x".repeat(length), false), truncate: i % 3 !== 0 });
        while (queue.size > 0) {
          const batch = queue.take(lengthOf, { ...OPTIONS, limit });
          const read = batch.map(({ input }) => Math.min(256, lengthOf(input)));
          const padded = batch.length * Math.max(...read);
          expect(batch.length).toBeLessThanOrEqual(limit);
          expect(padded).toBeLessThanOrEqual(1.25 * read.reduce((sum, length) => sum + length, 0));
          if (batch.length > 1) expect(padded).toBeLessThanOrEqual(OPTIONS.maxBatchTokens);
          expect(new Set(batch.map(({ truncate }) => truncate)).size).toBe(1);
          expect(read).toEqual(read.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
