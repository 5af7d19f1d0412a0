import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OWNER as owner, point } from "../../../../test/support/durable-index.ts";
import type { BulkIndex } from "./bulk.ts";
import { readGraphs, writeGraphs } from "./graph-file.node.ts";
import { IndexFiles } from "./index-files.node.ts";
import type { Folder } from "./manifest.node.ts";
import { openFiles } from "./open-files.node.ts";

let folder: Folder;

beforeEach(async () => {
  folder = { path: await mkdtemp(join(tmpdir(), "nexus-graph-")), owner, openFile: open };
});
afterEach(() => rm(folder.path, { recursive: true }));

const graphs = new Map([
  ["static", Uint8Array.from({ length: 300 }, (_, i) => i)],
  ["fused", Uint8Array.of(1, 2, 3)],
]);

/** An index that has graphs and nothing else. */
class GraphIndex implements BulkIndex {
  readonly adopted = new Map<string, Uint8Array>();
  own = new Map<string, Uint8Array>();
  version = 0;
  fits = true;
  async load(): Promise<void> {}
  async graphs(): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.own;
  }
  adoptGraph(name: string, bytes: Uint8Array): boolean {
    if (this.fits) this.adopted.set(name, bytes);
    return this.fits;
  }
  graphVersion(): number {
    return this.version;
  }
}

async function openWith(index: GraphIndex, notices: string[] = []): Promise<IndexFiles> {
  const onNotice = (message: string): void => void notices.push(message);
  const found = await openFiles({ folder, index, apply: () => {}, onNotice });
  return new IndexFiles(found, { folder, rollBytes: 1, syncMs: 0, apply: () => {}, graphs: index, onNotice });
}

const names = async (): Promise<string[]> => (await readdir(folder.path)).filter((name) => name.startsWith("graph"));

describe("graph file", () => {
  test("graphs come back byte for byte", async () => {
    const bytes = await writeGraphs(folder, 4, graphs);
    const read = await readGraphs(folder, { number: 4, bytes });
    expect([...read].map(([name, graph]) => [name, [...graph]])).toEqual(
      [...graphs].map(([name, graph]) => [name, [...graph]]),
    );
  });

  test("cut at any byte, or with any bit changed, it is refused", async () => {
    const bytes = await writeGraphs(folder, 4, graphs);
    const path = join(folder.path, "graph-4");
    const good = await readFile(path);
    for (let at = 0; at < good.length; at++) {
      await writeFile(path, good.subarray(0, at));
      await expect(readGraphs(folder, { number: 4, bytes }), `cut at ${at}`).rejects.toMatchObject({
        code: "index.corrupt",
      });
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Buffer.from(good);
        damaged[at]! ^= 1 << bit;
        await writeFile(path, damaged);
        await expect(readGraphs(folder, { number: 4, bytes }), `byte ${at}`).rejects.toMatchObject({
          code: "index.corrupt",
        });
      }
    }
  });
});

describe("graphs of an index", () => {
  test("are saved at closing if they have changed, and adopted at opening", async () => {
    const first = new GraphIndex();
    const files = await openWith(first);
    first.own = graphs;
    first.version = 1;
    await files.close();
    const second = new GraphIndex();
    second.version = 7;
    await (await openWith(second)).close();
    expect([...second.adopted.keys()]).toEqual(["static", "fused"]);
    expect(await names()).toHaveLength(1);
    const [before] = await names();
    const third = new GraphIndex();
    const again = await openWith(third);
    third.version++;
    third.own = new Map([["static", Uint8Array.of(9)]]);
    await again.close();
    expect(await names()).toHaveLength(1);
    expect(await names()).not.toEqual([before]);
  });

  test("are saved when a log is rolled", async () => {
    const index = new GraphIndex();
    const files = await openWith(index);
    index.own = graphs;
    index.version = 1;
    await files.append([{ kind: "upsert", points: [point("a", 1)] }]);
    await files.compact();
    expect(await names()).toHaveLength(1);
    await files.close();
  });

  test("damaged, missing, or not fitting, they are reported once, deleted, and nothing else is touched", async () => {
    const damages: Record<string, (path: string, index: GraphIndex) => Promise<void>> = {
      damaged: async (path) => await writeFile(path, "nonsense"),
      missing: async (path) => await rm(path),
      "not fitting": async (_, index) => void (index.fits = false),
    };
    for (const [name, damage] of Object.entries(damages)) {
      const first = new GraphIndex();
      const files = await openWith(first);
      first.own = graphs;
      first.version = 1;
      await files.close();
      const index = new GraphIndex();
      await damage(join(folder.path, (await names())[0]!), index);
      const notices: string[] = [];
      await (await openWith(index, notices)).close();
      expect(notices, name).toHaveLength(1);
      expect(notices[0], name).toContain("graph-");
      expect(await names(), name).toEqual([]);
      await (await openWith(new GraphIndex(), notices)).close();
      expect(notices, name).toHaveLength(1);
    }
  });
});
