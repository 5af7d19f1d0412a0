/** Rows about tenants and their keys rather than about memories. */

import type { Json, JsonObject } from "./json.ts";

/** One tenant-wide setting: learned fusion weights, origins for CORS, … */
export interface Setting {
  readonly name: string;
  readonly value: Json;
  readonly version: number;
  readonly updatedAt: Date;
}

/** An API key; the rows of all tenants are kept by the system tenant, since a key must be found before its tenant is known. */
export interface ApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  /** SHA-256 of the secret, hexadecimal. */
  readonly secretHash: string;
  readonly scopes: readonly string[];
  readonly ratePerMinute: number;
  readonly createdAt: Date;
  readonly expiresAt?: Date | undefined;
  readonly revokedAt?: Date | undefined;
}

/** The proof that a user was erased. */
export interface Receipt {
  readonly jobId: string;
  /** HMAC of the user's id: the receipt must not name whom it proves forgotten. */
  readonly subjectHmac: string;
  readonly stores: JsonObject;
  readonly residue: number;
  readonly requestedAt: Date;
  readonly completedAt: Date;
  readonly backupsAgeOutAt: Date;
}
