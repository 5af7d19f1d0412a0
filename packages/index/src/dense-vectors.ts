/** The named vectors of one tenant's points: each in rows of its own, and gone with its last row. */

import type { Dimensions } from "./check.ts";
import { NamedVectors, type NamedVectorsOptions } from "./named-vectors.ts";

export interface DenseVectorsOptions extends Omit<NamedVectorsOptions, "dimension"> {
  /** False: no graph is built before `buildGraphs`. */
  readonly graphs: boolean;
}

/** Point ids by slot: what a saved graph knows its rows by. */
export type IdentityOf = (slot: number) => string;

export class DenseVectors implements Dimensions {
  readonly #options: Omit<NamedVectorsOptions, "dimension">;
  readonly #named = new Map<string, NamedVectors>();
  #keepsGraphs: boolean;
  /** Graph versions of named vectors that are gone. */
  #pastVersions = 0;

  constructor({ graphs, ...options }: DenseVectorsOptions) {
    this.#options = options;
    this.#keepsGraphs = graphs;
  }

  get bytes(): number {
    return this.#sum((rows) => rows.bytes);
  }

  /** Changes whenever `graphs` would give other bytes. */
  get graphVersion(): number {
    return this.#pastVersions + this.#sum((rows) => rows.graphVersion);
  }

  /** The dimension of a named vector; undefined where it has no rows. */
  get(name: string): number | undefined {
    return this.#named.get(name)?.dimension;
  }

  rows(name: string): NamedVectors | undefined {
    return this.#named.get(name);
  }

  /** The rows of a named vector, made if there are none. */
  obtain(name: string, dimension: number): NamedVectors {
    const known = this.#named.get(name);
    if (known) return known;
    const rows = new NamedVectors({ ...this.#options, dimension });
    if (this.#keepsGraphs) rows.buildGraph();
    this.#named.set(name, rows);
    return rows;
  }

  add(slot: number, vectors: Readonly<Record<string, Float32Array>>): void {
    for (const [name, values] of Object.entries(vectors)) this.obtain(name, values.length).add(slot, values);
  }

  remove(slot: number): void {
    for (const rows of this.#named.values()) rows.remove(slot);
  }

  /** A named vector without rows is forgotten, so that another model's may come. */
  forgetEmpty(): void {
    for (const [name, rows] of this.#named) {
      if (rows.count > 0) continue;
      this.#named.delete(name);
      this.#pastVersions += rows.graphVersion + 1;
      void rows.close();
    }
  }

  async graphs(identityOf: IdentityOf): Promise<Map<string, Uint8Array>> {
    const graphs = new Map<string, Uint8Array>();
    for (const [name, rows] of this.#named) {
      const bytes = await rows.graph(identityOf);
      if (bytes) graphs.set(name, bytes);
    }
    return graphs;
  }

  buildGraphs(): void {
    this.#keepsGraphs = true;
    for (const rows of this.#named.values()) rows.buildGraph();
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#named.values(), (rows) => rows.close()));
  }

  #sum(of: (rows: NamedVectors) => number): number {
    return [...this.#named.values()].reduce((sum, rows) => sum + of(rows), 0);
  }
}
