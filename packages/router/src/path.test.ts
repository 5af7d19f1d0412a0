import { expect, it } from "vitest";
import type { Complexity } from "./analyse.ts";
import { type Mode, route, type Route } from "./path.ts";

it.each<[Mode, Complexity, Route]>([
  ["auto", "simple", { first: "smart", last: "full", capped: false }],
  ["auto", "medium", { first: "smart", last: "full", capped: false }],
  ["auto", "complex", { first: "full", last: "full", capped: false }],
  ["balanced", "simple", { first: "smart", last: "full", capped: false }],
  ["balanced", "complex", { first: "full", last: "full", capped: false }],
  ["fast", "simple", { first: "smart", last: "smart", capped: false }],
  ["fast", "medium", { first: "smart", last: "smart", capped: false }],
  ["fast", "complex", { first: "smart", last: "smart", capped: true }],
  ["maxAccuracy", "simple", { first: "full", last: "full", capped: true }],
  ["maxAccuracy", "complex", { first: "full", last: "full", capped: true }],
])("mode %s with a %s query takes the path of its row", (mode, complexity, expected) => {
  expect(route(mode, complexity)).toEqual(expected);
});
