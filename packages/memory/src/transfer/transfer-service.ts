/** What callers ask of export and import: all of a tenant or user as a stream of rows, and rows taken in again. */

import type { Entity, ErrorCode, Feedback, Memory, MemoryStatus, Reference, Relation, TenantScope } from "@nexus/core";
import type { NewMemory, Writer } from "../requests.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { exportItems } from "./export.ts";
import { importItems } from "./import.ts";

/** A row that an export says. */
export type ExportItem =
  | { readonly kind: "memory"; readonly row: Memory }
  | { readonly kind: "entity"; readonly row: Entity }
  | { readonly kind: "relation"; readonly row: Relation }
  | { readonly kind: "reference"; readonly row: Reference }
  | { readonly kind: "feedback"; readonly row: Feedback };

/** A memory of an export: in the state it had there. */
export interface RestoredMemory extends NewMemory {
  readonly id: string;
  readonly createdAt: Date;
  readonly recordedAt: Date;
  readonly updatedAt: Date;
  readonly status: MemoryStatus;
  readonly invalidReason?: string | undefined;
  readonly quality?: number | undefined;
  /** Its place in the order of arrival among the memories of its user. */
  readonly arrival: number;
}

/** Entities and relations are none: they are made anew from the memories that name them, and called as the first of those calls them. */
export type ImportItem =
  /** From elsewhere: it goes the way of everything that is told, and may merge with what is known or replace it. */
  | { readonly kind: "told"; readonly memory: NewMemory }
  /** From an export of ours: it is put back as it was, without judging it again. */
  | { readonly kind: "memory"; readonly memory: RestoredMemory }
  | { readonly kind: "reference"; readonly row: Reference }
  | { readonly kind: "feedback"; readonly row: Feedback };

export interface ImportResult {
  readonly event: "imported" | "unchanged" | "failed";
  readonly error?: { readonly code: ErrorCode; readonly detail: string } | undefined;
}

export interface TransferService {
  /**
   * All that the tenant, or one user, has and that has not expired, read page by page as it is asked for. No moment
   * is frozen: what is written meanwhile may be in it or not, but no memory recorded later is.
   */
  exportItems(scope: TenantScope, request: { readonly userId?: string | undefined }): AsyncIterable<ExportItem>;
  /**
   * Takes up to 100 rows in, one result each, in their order. A bad row fails alone; taking the same rows in again changes nothing.
   *
   * throws   store.*, and then any of the rows may have been taken in
   */
  importItems(writer: Writer, items: readonly ImportItem[]): Promise<readonly ImportResult[]>;
}

export function transferService(deps: RememberDependencies): TransferService {
  return {
    exportItems: (scope, request) => exportItems(scope, request, deps),
    importItems: (writer, items) => importItems(writer, items, deps),
  };
}
