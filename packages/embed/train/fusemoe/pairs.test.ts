import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

import { readPairs } from "./pairs.node.ts";
import { conversationTasks, heldOutTask } from "./tasks.node.ts";

const folder = mkdtempSync(join(tmpdir(), "nexus-pairs-"));

beforeAll(() => {
  for (let file = 0; file < 2; file++) {
    const lines = Array.from({ length: 1_000 }, (_, i) =>
      JSON.stringify({ a: `a ${file} ${i}`, b: i % 50 === 0 ? `a ${file} ${i}` : `b ${file} ${i}`, k: "qa", s: "x" }),
    );
    writeFileSync(join(folder, `pairs-00${file}.jsonl.gz`), gzipSync(`${lines.join("\n")}\n`));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test("one pair in n is trained on, none of those held out, and none of a text with itself", () => {
  const { training, heldOut } = readPairs(folder, { every: 3, most: 10_000, heldOut: 10_000 });
  expect(heldOut.length).toBeGreaterThan(10);
  expect(heldOut.length).toBeLessThan(40);
  expect(training.length).toBeGreaterThan(620);
  const held = new Set(heldOut.map(({ a }) => a));
  expect(training.filter(({ a }) => held.has(a))).toEqual([]);
  expect([...training, ...heldOut].filter(({ a, b }) => a === b)).toEqual([]);
  expect(training[0]!.a).toBe("a 0 3");
});

test("bounds hold, and a larger bound only adds pairs", () => {
  const few = readPairs(folder, { every: 3, most: 50, heldOut: 5 });
  const more = readPairs(folder, { every: 3, most: 80, heldOut: 9 });
  expect(few.training).toHaveLength(50);
  expect(few.heldOut).toHaveLength(5);
  expect(more.training.slice(0, 50)).toEqual(few.training);
  expect(more.heldOut.slice(0, 5)).toEqual(few.heldOut);
});

test("a folder without pairs is named as such", () => {
  expect(() => readPairs(tmpdir(), { every: 1, most: 1, heldOut: 1 })).toThrow(/no pairs/);
});

test("second texts that are equal all answer", () => {
  const { texts, tasks } = heldOutTask([
    { a: "one", b: "same", kind: "qa" },
    { a: "two", b: "other", kind: "qa" },
    { a: "three", b: "same", kind: "qa" },
  ]);
  expect(tasks[0]!.answers).toEqual([[0, 2], [1], [0, 2]]);
  expect([...tasks[0]!.candidates].map((text) => texts[text])).toEqual(["same", "other", "same"]);
});

test("every question of the conversations for fitting has its answers among their turns", () => {
  const { texts, tasks } = conversationTasks(new URL("../../../../test/eval/conversations/", import.meta.url));
  expect(tasks).toHaveLength(4);
  for (const { queries, candidates, answers } of tasks) {
    expect(answers).toHaveLength(queries.length);
    expect(answers.flat().every((place) => place >= 0 && place < candidates.length)).toBe(true);
    expect(answers.every((own) => own.length > 0)).toBe(true);
    expect([...queries].every((text) => texts[text]!.length > 0)).toBe(true);
  }
});
