/** Vectors and ground truth on disk, with checksums: what takes minutes to make is made once. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const CACHE: string = fileURLToPath(new URL("../../../.build/bench/", import.meta.url));

export interface Vectors {
  /** Rows of `dimension`, unit length. */
  readonly vectors: Float32Array;
  readonly dimension: number;
}

export function writeVectors(name: string, { vectors, dimension }: Vectors): void {
  write(name, vectors, { dimension });
}

/** Undefined when they are not there, or not as they were written. */
export function readVectors(name: string): Vectors | undefined {
  const file = read(name);
  if (!file) return undefined;
  return { vectors: new Float32Array(file.bytes), dimension: Number(file.about["dimension"]) };
}

/** Numbers that were computed from vectors with this fingerprint, computed now if they are not there. */
export async function cachedNumbers(
  name: string,
  { of, make }: { of: string; make: () => Promise<Float64Array> | Float64Array },
): Promise<Float64Array> {
  const file = read(name);
  if (file && file.about["of"] === of) return new Float64Array(file.bytes);
  const made = await make();
  write(name, made, { of });
  return made;
}

export function fingerprint(...vectors: readonly Float32Array[]): string {
  const hash = createHash("sha256");
  for (const one of vectors) hash.update(one);
  return hash.digest("hex");
}

function write(name: string, values: Float32Array | Float64Array, about: object): void {
  mkdirSync(CACHE, { recursive: true });
  const sha256 = createHash("sha256").update(values).digest("hex");
  writeFileSync(`${CACHE}${name}.bin.new`, values);
  renameSync(`${CACHE}${name}.bin.new`, `${CACHE}${name}.bin`);
  writeFileSync(`${CACHE}${name}.json`, JSON.stringify({ ...about, sha256 }));
}

function read(name: string): { bytes: ArrayBuffer; about: Record<string, unknown> } | undefined {
  if (!existsSync(`${CACHE}${name}.json`) || !existsSync(`${CACHE}${name}.bin`)) return undefined;
  const about = JSON.parse(readFileSync(`${CACHE}${name}.json`, "utf8")) as Record<string, unknown>;
  const bytes = new Uint8Array(readFileSync(`${CACHE}${name}.bin`)).buffer;
  const sha256 = createHash("sha256").update(new Uint8Array(bytes)).digest("hex");
  return about["sha256"] === sha256 ? { bytes, about } : undefined;
}
