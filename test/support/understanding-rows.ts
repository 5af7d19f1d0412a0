/** One row of each table that understanding and learning fill, with every field set: for tests of the record store. */

import type { ExportedRow } from "@nexus/core";
import { AWKWARD_JSON, AWKWARD_TEXT } from "./record-rows.ts";

export function understandingRows(date: Date, bytes: Uint8Array): ExportedRow[] {
  return [
    {
      table: "entity",
      row: {
        partition: "u",
        id: "e",
        type: "person",
        name: "Zoë",
        nameKey: "zoë",
        aliases: ["Zo", AWKWARD_TEXT],
        frequency: 3,
        firstSeenAt: date,
        lastSeenAt: date,
      },
    },
    {
      table: "relation",
      row: {
        partition: "u",
        subjectId: "e",
        type: "home",
        objectId: "f",
        memoryId: "m",
        subjectName: "Zoë",
        objectName: AWKWARD_TEXT,
        confidence: 0.1,
        validFrom: date,
        validTo: date,
      },
    },
    {
      table: "reference",
      row: {
        memoryId: "m",
        type: "supersedes",
        targetId: "n",
        partition: "u",
        reason: "home",
        similarity: 1,
        formerValidTo: date,
        createdAt: date,
        undoneAt: date,
      },
    },
    {
      table: "feedback",
      row: {
        partition: "u",
        id: "f",
        queryId: "q",
        memoryId: "m",
        rating: -0.5,
        comment: AWKWARD_TEXT,
        features: AWKWARD_JSON,
        createdAt: date,
      },
    },
    {
      table: "pattern",
      row: {
        partition: "u",
        id: "p",
        type: "trend",
        domain: "general",
        description: AWKWARD_TEXT,
        terms: ["a"],
        centroid: bytes,
        memoryIds: ["m"],
        frequency: 3,
        successCount: 0.5,
        usageCount: 2,
        growthRate: -0.25,
        windowFrom: date,
        windowTo: date,
        lastUsedAt: date,
        createdAt: date,
        updatedAt: date,
      },
    },
    {
      table: "profile",
      row: { partition: "u", preferences: AWKWARD_JSON, ratingCount: 1, updatedAt: date },
    },
    { table: "setting", row: { name: "weights", value: AWKWARD_JSON, version: 2, updatedAt: date } },
    {
      table: "apiKey",
      row: {
        id: "k",
        tenant: "t",
        name: AWKWARD_TEXT,
        secretHash: "h",
        scopes: ["read"],
        ratePerMinute: 60,
        createdAt: date,
        expiresAt: date,
        revokedAt: date,
      },
    },
    {
      table: "receipt",
      row: {
        jobId: "j",
        subjectHmac: "s",
        stores: AWKWARD_JSON,
        residue: 0,
        requestedAt: date,
        completedAt: date,
        backupsAgeOutAt: date,
      },
    },
  ];
}
