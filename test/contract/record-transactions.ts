/** What every record store must do when transactions meet: order, isolation, sequences. */

import { type Job, NexusError, type RecordStore } from "@nexus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { chunkRow, jobRow, memoryRow } from "../support/record-rows.ts";
import { freshTenant } from "./record-store.ts";

export function recordTransactionsContract(name: string, open: () => Promise<RecordStore>): void {
  describe(`transactions of the record store: ${name}`, () => {
    let store: RecordStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => await store.close());

    it("shows a transaction its own writes and those of the requests before it, removals too", async () => {
      const scope = freshTenant();
      await store.transact(scope, [], async (tx) => {
        tx.put("job", jobRow("old"));
        tx.put("job", jobRow("kept"));
      });
      const looks = Array.from({ length: 5 }, async (_, n) => {
        return await store.transact(scope, [], async (tx) => {
          tx.put("job", jobRow(`new${n}`));
          if (n === 0) tx.remove("job", ["old"]);
          const [old, mine] = await tx.get("job", [["old"], [`new${n}`]]);
          const found = await tx.find({ index: "jobByStatus", anyOf: [["queued"]], limit: 50 });
          const ranged = await tx.range({ table: "job", prefix: [], after: ["kept"], limit: 50 });
          return { old, mine: mine?.id, found: found.map(({ id }) => id), ranged: ranged.map(({ id }) => id) };
        });
      });
      for (const [n, { value }] of (await Promise.all(looks)).entries()) {
        const added = Array.from({ length: n + 1 }, (_, i) => `new${i}`);
        expect(value).toEqual({ old: undefined, mine: `new${n}`, found: ["kept", ...added], ranged: added });
      }
    });

    it("finds a full page although buffered writes hide rows on disk", async () => {
      const scope = freshTenant();
      await store.transact(scope, [], async (tx) => {
        for (let i = 0; i < 10; i++) tx.put("chunk", chunkRow("m", i));
      });
      const { value } = await store.transact(scope, [], async (tx) => {
        for (let i = 0; i < 4; i++) tx.remove("chunk", ["m", i]);
        return await tx.range({ table: "chunk", prefix: ["m"], limit: 3 });
      });
      expect(value.map(({ index }) => index)).toEqual([4, 5, 6]);
    });

    it("leaves nothing of a work that throws, and its neighbours untouched", async () => {
      const scope = freshTenant();
      const refusal = new NexusError("memory.exists", "refused");
      const results = await Promise.allSettled(
        Array.from({ length: 12 }, async (_, i) => {
          return await store.transact(scope, ["p"], async (tx) => {
            tx.put("job", jobRow(`${i}`));
            const seq = tx.change("p", { op: "added", memoryId: `${i}`, version: 1, memories: 1 });
            if (i % 3 === 1) throw refusal;
            return seq;
          });
        }),
      );
      expect(results.map(({ status }) => status === "rejected")).toEqual(
        Array.from({ length: 12 }, (_, i) => i % 3 === 1),
      );
      expect(results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []))).toEqual(
        Array.from({ length: 4 }, () => refusal),
      );
      const reader = store.reader(scope);
      expect(await reader.range({ table: "job", prefix: [], limit: 50 })).toHaveLength(8);
      expect(await reader.get("partition", [["p"]])).toEqual([{ partition: "p", seq: 8, memoryCount: 8 }]);
    });

    it("numbers the changes of each partition 1, 2, 3 … and returns where it stands", async () => {
      const scope = freshTenant();
      const change = { op: "added", memoryId: "m", version: 1, memories: 1 } as const;
      const runs = Array.from({ length: 40 }, async (_, i) => {
        return await store.transact(scope, ["p", "q"], async (tx) => {
          tx.change("p", change);
          return i % 2 === 0 ? tx.change("q", { ...change, op: "forgotten", memories: -1 }) : 0;
        });
      });
      const done = await Promise.all(runs);
      expect(done[0]?.seqs).toEqual([
        { partition: "p", seq: 1 },
        { partition: "q", seq: 1 },
      ]);
      expect(done[39]?.seqs).toEqual([{ partition: "p", seq: 40 }]);
      const reader = store.reader(scope);
      for (const [partition, count, memoryCount] of [["p", 40, 40] as const, ["q", 20, -20] as const]) {
        const dense = Array.from({ length: count }, (_, i) => i + 1);
        const changes = await reader.range({ table: "change", prefix: [partition], limit: 100 });
        const outbox = await reader.range({ table: "outbox", prefix: [partition], limit: 100 });
        expect(changes.map(({ seq }) => seq)).toEqual(dense);
        expect(outbox.map(({ seq, memoryIds }) => [seq, memoryIds])).toEqual(dense.map((seq) => [seq, ["m"]]));
        expect(await reader.get("partition", [[partition]])).toEqual([{ partition, seq: count, memoryCount }]);
      }
    });

    it("refuses a change in a partition that was not named, and writes after the work has ended", async () => {
      const scope = freshTenant();
      const change = { op: "added", memoryId: "m", version: 1, memories: 1 } as const;
      const unnamed = store.transact(scope, ["p"], async (tx) => tx.change("q", change));
      await expect(unnamed).rejects.toMatchObject({ code: "internal.unexpected" });
      const { value: tx } = await store.transact(scope, ["p"], async (tx) => ({ late: () => tx.change("p", change) }));
      expect(() => tx.late()).toThrow(NexusError);
      expect(await store.reader(scope).get("partition", [["p"], ["q"]])).toEqual([undefined, undefined]);
    });

    it("loses none of the increments of 32 writers, 20 each, on one row", async () => {
      const scope = freshTenant();
      await store.transact(scope, [], async (tx) => tx.put("job", jobRow("counter")));
      const increment = async (): Promise<void> => {
        await store.transact(scope, [], async (tx) => {
          const [job] = (await tx.get("job", [["counter"]])) as [Job];
          tx.put("job", { ...job, progress: { ...job.progress, done: job.progress.done + 1 } });
        });
      };
      const writer = async (): Promise<void> => {
        for (let i = 0; i < 20; i++) await increment();
      };
      await Promise.all(Array.from({ length: 32 }, writer));
      const [job] = await store.reader(scope).get("job", [["counter"]]);
      console.log(`${name}: 32 writers × 20 increments on one row: ${640 - (job?.progress.done ?? 0)} of 640 lost`);
      expect(job?.progress.done).toBe(640);
    });

    it("lets exactly one of 30 racing creators of a key win", async () => {
      const scope = freshTenant();
      const create = async (owner: string): Promise<boolean> => {
        const { value } = await store.transact(scope, [], async (tx) => {
          const [taken] = await tx.get("job", [["once"]]);
          if (!taken) tx.put("job", jobRow("once", { leaseOwner: owner }));
          return !taken;
        });
        return value;
      };
      const won = await Promise.all(Array.from({ length: 30 }, async (_, i) => await create(`${i}`)));
      expect(won.filter(Boolean)).toHaveLength(1);
      const [row] = await store.reader(scope).get("job", [["once"]]);
      expect(row?.leaseOwner).toBe(`${won.indexOf(true)}`);
    });

    it("rejects only the request that the engine refuses, and decides again what rested on it", async () => {
      const scope = freshTenant();
      const change = { op: "added", version: 1, memories: 1 } as const;
      await store.transact(scope, [], async (tx) => tx.put("memory", memoryRow("first", { externalId: "taken" })));
      const add = async (id: string, externalId?: string) => {
        return await store.transact(scope, ["_"], async (tx) => {
          tx.put("memory", memoryRow(id, externalId === undefined ? {} : { externalId }));
          return tx.change("_", { ...change, memoryId: id });
        });
      };
      const ok = [add("a"), add("b")];
      const refused = add("clash", "taken");
      const dependent = store.transact(scope, [], async (tx) => {
        const [clash] = await tx.get("memory", [["clash"]]);
        if (clash) throw new NexusError("memory.exists", "rests on a write that will be lost");
        return "decided again";
      });
      const later = [add("c"), add("d")];
      await expect(refused).rejects.toMatchObject({ code: "memory.exists" });
      expect((await dependent).value).toBe("decided again");
      expect((await Promise.all([...ok, ...later])).map(({ value }) => value)).toEqual([1, 2, 3, 4]);
      const rows = await store.reader(scope).range({ table: "memory", prefix: [], limit: 9 });
      expect(rows.map(({ id }) => id)).toEqual(["a", "b", "c", "d", "first"]);
    });

    it("moves a unique externalId from one memory to another within a transaction", async () => {
      const scope = freshTenant();
      await store.transact(scope, [], async (tx) => tx.put("memory", memoryRow("a", { externalId: "x" })));
      await store.transact(scope, [], async (tx) => {
        tx.put("memory", memoryRow("b", { externalId: "x" }));
        tx.put("memory", memoryRow("a"));
      });
      await store.transact(scope, [], async (tx) => {
        tx.put("memory", memoryRow("c", { externalId: "x" }));
        tx.remove("memory", ["b"]);
      });
      const found = await store.reader(scope).find({ index: "memoryByExternalId", anyOf: [["x"]], limit: 9 });
      expect(found.map(({ id }) => id)).toEqual(["c"]);
    });
  });
}
