/** Points, contents and disks for tests of the vector index on disk. */

import { open } from "node:fs/promises";
import { EVERYTHING, type VectorHit, type VectorPoint } from "@nexus/core";
import { type DurableIndex, type DurableIndexOptions, openDurableIndex } from "@nexus/index/node";

type OpenFile = NonNullable<DurableIndexOptions["openFile"]>;
type Handle = Awaited<ReturnType<OpenFile>>;

export const OWNER: Uint8Array = new Uint8Array(32).fill(7);

/** Point `n` of memory `id`, with a vector, two terms and a payload that differ with n; every third has no vector. */
export function point(id: string, n: number): VectorPoint {
  return {
    pointId: `${id}-${n}`,
    chunkIndex: n,
    vectors: n % 3 === 2 ? {} : { e: Float32Array.of(n + 1, 0, -1, 0.5) },
    sparse: { ids: Uint32Array.of(1, 4_000_000_000), weights: Float32Array.of(n + 1, 2) },
    payload: {
      id,
      addedSeq: 1,
      version: n,
      ...(n % 2 === 0 && { userId: "ana", sessionId: "s" }),
      language: "en",
      createdAt: n,
      recordedAt: 0,
      updatedAt: 0,
      metadata: { n, secret: `text of ${id}` },
    },
  };
}

/** Everything that searches can tell of an index, by point. */
export async function contentsOf(
  index: DurableIndex,
): Promise<(VectorHit & { readonly cosine: number | undefined })[]> {
  const values = Float32Array.of(1, 2, 3, 4);
  const sparse = { ids: Uint32Array.of(1, 4_000_000_000), weights: Float32Array.of(1, 1) };
  const dense = await index.search({ by: { dense: { name: "e", values } }, filter: EVERYTHING, limit: 10_000 });
  const cosines = new Map(dense.map(({ pointId, score }) => [pointId, score]));
  const hits = await index.search({ by: { sparse }, filter: EVERYTHING, limit: 10_000, beside: 3 });
  return hits
    .map((hit) => ({ ...hit, cosine: cosines.get(hit.pointId) }))
    .sort((a, b) => (a.pointId < b.pointId ? -1 : 1));
}

/** What an index held when it was closed. */
export async function closed(index: DurableIndex): ReturnType<typeof contentsOf> {
  const contents = await contentsOf(index);
  await index.close();
  return contents;
}

export async function contentsAt(
  path: string,
  options: Partial<DurableIndexOptions> = {},
): ReturnType<typeof contentsOf> {
  const index = await openDurableIndex({ path, owner: OWNER, ...options });
  return await closed(index);
}

/** Real files on a disk that has so much room left, that counts its calls, and that fails when it is told to. */
export class TestDisk {
  /** Bytes that may still be written. */
  free: number = Infinity;
  syncs: number = 0;
  calls: number = 0;
  /** Asked before every call; what it returns is thrown. */
  fault: (call: string, path: string) => Error | undefined = () => undefined;

  readonly openFile: OpenFile = async (path, flags, mode) => {
    this.#meet("open", path);
    const file = await open(path, flags, mode);
    const read = async (...of: Parameters<Handle["read"]>) => {
      this.#meet("read", path);
      return await file.read(...of);
    };
    const write = async (bytes: Uint8Array, offset: number, length: number, position: number) => {
      this.#meet("write", path);
      const written = await file.write(bytes, offset, Math.min(length, this.free), position);
      this.free -= written.bytesWritten;
      if (written.bytesWritten === 0) throw ioError("ENOSPC");
      return written;
    };
    const truncate = async (length: number) => {
      this.#meet("truncate", path);
      this.free += (await file.stat()).size - length;
      await file.truncate(length);
    };
    const datasync = async () => {
      this.#meet("datasync", path);
      this.syncs++;
      await file.datasync();
    };
    const stat = async () => {
      this.#meet("stat", path);
      return await file.stat();
    };
    return {
      read,
      write: write as Handle["write"],
      truncate,
      datasync,
      stat: stat as Handle["stat"],
      close: file.close.bind(file),
    };
  };

  #meet(call: string, path: string): void {
    this.calls++;
    const error = this.fault(call, path);
    if (error) throw error;
  }
}

export function ioError(code: "ENOSPC" | "EIO"): Error {
  return Object.assign(new Error(code), { code });
}
