/** The port of the blob store: bytes under keys such as `jobs/{id}.json`. */

import type { TenantScope } from "./scope.ts";

export interface BlobInfo {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** Keys are 1 to 512 of `a-z 0-9 . _ - /`, no part empty, `.` or `..`. `put` replaces whole and resolves once the bytes are on disk. */
export interface BlobStore {
  put(scope: TenantScope, key: string, bytes: Uint8Array): Promise<void>;
  /** undefined when there is no such blob. */
  get(scope: TenantScope, key: string): Promise<Uint8Array | undefined>;
  /** In key order. */
  list(scope: TenantScope, prefix: string): AsyncIterable<BlobInfo>;
  remove(scope: TenantScope, key: string): Promise<void>;
}
