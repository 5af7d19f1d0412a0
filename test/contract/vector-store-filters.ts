/** Four memories, and filters that tell them apart: every operator, every kind of field, nesting, absent fields. */

import type { Filter } from "@nexus/core";
import type { Fields } from "./vector-store-points.ts";

export const FILTERED: readonly Fields[] = [
  {
    id: "a",
    userId: "ana",
    sessionId: "s1",
    speaker: "Ana",
    createdAt: 100,
    metadata: { n: 1, tags: ["x", "y"], deep: { ok: true } },
  },
  {
    id: "b",
    userId: "ana",
    sessionId: "s2",
    agentId: "g",
    createdAt: 200,
    validTo: 50,
    metadata: { n: 2, tags: [] },
  },
  {
    id: "c",
    userId: "ben",
    sessionId: "s1",
    externalId: "e1",
    createdAt: 300,
    metadata: { n: "2", text: "blue boat" },
  },
  { id: "d", language: "es", createdAt: 400, metadata: { n: null, deep: {} } },
];

const is = (field: string, operator: string, value: unknown): Filter => ({ field, operator, value }) as Filter;

export const FILTERS: readonly Filter[] = [
  is("userId", "eq", "ana"),
  is("userId", "eq", null),
  is("userId", "ne", "ana"),
  is("userId", "in", ["ben", null]),
  is("userId", "nin", ["ana"]),
  is("userId", "exists", true),
  is("userId", "exists", false),
  is("sessionId", "eq", "s1"),
  is("speaker", "contains", "na"),
  is("id", "in", ["a", "d", "absent"]),
  is("externalId", "eq", "e1"),
  is("language", "ne", "en"),
  is("createdAt", "gt", 200),
  is("createdAt", "gte", 200),
  is("createdAt", "lt", 200),
  is("createdAt", "lte", 200),
  is("validTo", "lt", 100),
  is("validTo", "exists", false),
  is("metadata.n", "eq", 2),
  is("metadata.n", "eq", "2"),
  is("metadata.n", "eq", null),
  is("metadata.n", "gte", 1),
  is("metadata.n", "lte", "3"),
  is("metadata.tags", "eq", "x"),
  is("metadata.tags", "contains", "y"),
  is("metadata.text", "contains", "boat"),
  is("metadata.deep.ok", "eq", true),
  is("metadata.absent", "ne", 1),
  { all: [] },
  { any: [] },
  { not: is("userId", "eq", "ana") },
  { all: [is("userId", "eq", "ana"), is("sessionId", "eq", "s1")] },
  { all: [is("userId", "eq", "ana"), is("userId", "eq", "ben")] },
  { all: [{ all: [is("sessionId", "eq", "s1")] }, { not: is("userId", "eq", "ben") }] },
  { any: [is("userId", "eq", "ben"), { all: [is("userId", "eq", "ana"), { not: is("metadata.n", "eq", 1) }] }] },
  { not: { any: [is("userId", "exists", false), is("metadata.n", "in", [1, "2"])] } },
];
