import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadMatrices, type Matrices } from "@nexus/kernels";
import { afterAll, describe, expect, it } from "vitest";

import { readCheckpoint, writeCheckpoint } from "./checkpoint.node.ts";
import type { Corpus } from "./corpus.ts";
import { NO_TEACHER, withCrops } from "./crops.ts";
import { lossCurve } from "./loss-curve.ts";
import { nearbyOrder } from "./mine.ts";
import { seeded, shuffle } from "./seeded.ts";
import { startLengths } from "./start.ts";
import { createStudent, type Student } from "./student.ts";
import { TEACHER_DIMENSION, type TeacherVectors } from "./teacher.ts";
import { teacherOrder, trainingData } from "./training-data.ts";
import { train, type TrainingOptions } from "./train.ts";
import { validate } from "./validate.ts";
import { chooseVocabulary, type Vocabulary } from "./vocabulary.ts";

const folder = mkdtempSync(join(tmpdir(), "e0-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SUBJECTS = ["kittens", "trains", "violins", "gardens", "bridges", "lentils", "glaciers", "harbours"];
const FIRST = ["we talked about", "she asks for", "tell me of"];
const SECOND = ["yes I like", "there were many", "nothing beats"];

/** Questions about a subject, each with an answer about the same; 192 pairs, and a few translations. */
const corpus = tinyCorpus();
const vocabulary = chooseVocabulary(corpus.texts, corpus.sourceOf, { words: 40, common: 20, parts: 60, shared: 16 });
const order = teacherOrder(corpus, 1);
const { data, heldOut } = trainingData(
  corpus,
  vocabulary,
  order,
  { texts: randomVectors(order.length, 5), words: randomVectors(vocabulary.words, 6) },
  64,
);
const OPTIONS: TrainingOptions = {
  seed: 7,
  epochs: 6,
  batch: 16,
  rate: 0.02,
  temperature: 0.1,
  contrast: 1,
  teach: 0.1,
  mined: 0.3,
  unknownShare: 0.1,
  aloneEvery: 3,
  prefixes: [32, 64],
};

function tinyCorpus(): Corpus {
  const texts: string[] = [];
  const pairs: Corpus["pairs"][number][] = [];
  const random = seeded(3);
  for (let i = 0; i < 192; i++) {
    const subject = SUBJECTS[i % SUBJECTS.length] ?? "";
    const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
    texts.push(`${pick(FIRST)} ${subject} ${i}`, `${pick(SECOND)} ${subject} number${i}`);
    pairs.push({ a: 2 * i, b: 2 * i + 1, kind: "qa" });
  }
  const translationOf = new Int32Array(texts.length).fill(-1);
  translationOf[3] = 2;
  return { texts, pairs, sourceOf: Uint8Array.from(texts, (_, i) => i % 2), translationOf };
}

function randomVectors(count: number, seed: number): TeacherVectors {
  const random = seeded(seed);
  return {
    count,
    values: Int8Array.from({ length: count * TEACHER_DIMENSION }, () => Math.floor(255 * random()) - 127),
    scales: new Float32Array(count).fill(1 / 127 / 11),
  };
}

function studentOf(matrices: Matrices, words: Vocabulary = vocabulary): Student {
  return createStudent(matrices, { dimension: 64, seed: 1, lengths: startLengths(words) });
}

function trained(options: Partial<TrainingOptions> = {}): Float32Array {
  const matrices = loadMatrices();
  const student = studentOf(matrices);
  train(matrices, student, data, { ...OPTIONS, ...options });
  return student.weights.values().slice();
}

describe("train", () => {
  it("gives the same weights from the same seed, and others from another", () => {
    const weights = trained();
    expect(trained()).toEqual(weights);
    expect(trained({ seed: 8 })).not.toEqual(weights);
  });

  it("gives the same weights when it goes on from a checkpoint", () => {
    const file = pathToFileURL(join(folder, "checkpoint.bin"));
    const matrices = loadMatrices();
    const student = studentOf(matrices);
    train(matrices, student, data, {
      ...OPTIONS,
      onEpoch(next) {
        if (next === 4) writeCheckpoint(file, student, next, 99);
      },
    });
    const other = studentOf(matrices);
    expect(readCheckpoint(file, other, 98)).toBe(0);
    expect(readCheckpoint(file, other, 99)).toBe(4);
    train(matrices, other, data, { ...OPTIONS, from: 4 });
    expect(other.weights.values()).toEqual(trained());
  });

  it("lowers both losses and ranks held-out partners higher than before", () => {
    const matrices = loadMatrices();
    const student = studentOf(matrices);
    const before = validate(matrices, student, data, data.places.subarray(0, 60));
    const points: { step: number; contrast: number; teacher: number }[] = [];
    train(matrices, student, data, { ...OPTIONS, epochs: 12, teach: 5, onStep: (point) => points.push(point) });
    const after = validate(matrices, student, data, data.places.subarray(0, 60));
    expect(after.mrr).toBeGreaterThan(before.mrr + 0.05);
    expect(after.teacher).toBeGreaterThan(before.teacher + 0.05);
    expect(points.at(-1)?.contrast).toBeLessThan((points[0]?.contrast ?? 0) - 0.2);
    expect(lossCurve(points, "tiny")).toMatch(/^<svg[\s\S]*<polyline[\s\S]*<polyline[\s\S]*<\/svg>\n$/);
  });
});

describe("trainingData", () => {
  it("keeps held-out pairs away from those to train on, and teaches translations what the English text means", () => {
    expect(heldOut.some((place) => data.places.includes(place))).toBe(false);
    expect(heldOut.length + data.places.length).toBe(corpus.pairs.length);
    expect(data.teacherOf[3]).toBe(data.teacherOf[2]);
    expect(order).not.toContain(3);
  });

  it("turns the teacher's vectors by rows that are orthonormal", () => {
    const { rows, from, to } = data.basis;
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [5, 5],
      [17, 60],
      [63, 63],
    ] as const) {
      let dot = 0;
      for (let k = 0; k < from; k++) dot += (rows[i * from + k] ?? 0) * (rows[j * from + k] ?? 0);
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 4);
    }
    expect(to).toBe(64);
  });
});

describe("withCrops", () => {
  const long = "uno dos tres cuatro cinco seis siete ocho nueve diez once doce";
  const given: Corpus = {
    texts: ["an English text", long, "corto"],
    pairs: [{ a: 0, b: 1, kind: "xling" }],
    sourceOf: Uint8Array.of(4, 4, 4),
    translationOf: Int32Array.of(-1, 0, 0),
  };

  it("adds a pair of pieces for each translation of ten words and more, which the teacher does not judge", () => {
    const { texts, pairs, sourceOf, translationOf } = withCrops(given, 1);
    expect(pairs).toEqual([...given.pairs, { a: 3, b: 4, kind: "crop" }]);
    expect([...translationOf]).toEqual([-1, 0, 0, NO_TEACHER, NO_TEACHER]);
    expect([...sourceOf]).toEqual([4, 4, 4, 4, 4]);
    for (const piece of texts.slice(3)) {
      expect(long).toContain(piece);
      expect(piece.split(" ").length).toBeGreaterThanOrEqual(4);
      expect(piece.split(" ").length).toBeLessThanOrEqual(9);
    }
    expect(teacherOrder(withCrops(given, 1), 1)).toEqual(teacherOrder(given, 1));
  });
});

describe("nearbyOrder", () => {
  it("keeps every place once and puts pairs about one subject beside each other more often than a lot would", () => {
    const matrices = loadMatrices();
    const student = studentOf(matrices);
    train(matrices, student, data, { ...OPTIONS, epochs: 12, teach: 0 });
    const order = nearbyOrder(matrices, student, data, data.places, { centres: 12, seed: 5 });
    expect([...order].sort((x, y) => x - y)).toEqual([...data.places].sort((x, y) => x - y));
    const meetings = (places: ArrayLike<number>): number =>
      Array.from(places).filter(
        (place, i) => i > 0 && place % SUBJECTS.length === (places[i - 1] ?? 0) % SUBJECTS.length,
      ).length;
    expect(meetings(order)).toBeGreaterThan(2 * meetings(shuffle(data.places.slice(), seeded(3))));
  });
});

describe("chooseVocabulary", () => {
  it("gives words that several sources use a row before the jargon of one", () => {
    const texts = [
      "alpha beta",
      "alpha beta",
      "alpha beta",
      "beta alpha",
      ...Array.from<string>({ length: 9 }).fill("jargon"),
    ];
    const sourceOf = Uint8Array.of(0, 1, 2, 3, ...Array.from<number>({ length: 9 }).fill(4));
    const chosen = chooseVocabulary(texts, sourceOf, { words: 2, common: 2, parts: 3, shared: 4 });
    expect(chosen.wordTexts).toEqual(["alpha", "beta"]);
    expect([...chosen.counts]).toEqual([4, 4]);
    expect(chosen.parts).toBe(3);
  });
});
