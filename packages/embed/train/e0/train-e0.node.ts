/** Trains the built-in model from the pairs and the teacher, and writes what ships. */

import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { loadMatrices, type Matrices } from "@nexus/kernels";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.node.ts";
import { readCorpus } from "./corpus.node.ts";
import type { Corpus, PairKind } from "./corpus.ts";
import { withCrops } from "./crops.ts";
import { type CurvePoint, lossCurve } from "./loss-curve.ts";
import { createStudent, type Student } from "./student.ts";
import { startLengths } from "./start.ts";
import { settingsOf, type Settings } from "./settings.ts";
import { teach } from "./teacher.node.ts";
import type { TeacherVectors } from "./teacher.ts";
import { teacherOrder, trainingData } from "./training-data.ts";
import { train, type TrainingData } from "./train.ts";
import { validate } from "./validate.ts";
import { chooseVocabulary, type Vocabulary } from "./vocabulary.ts";
import { writeModel } from "./write-model.node.ts";

export interface TrainE0Options {
  readonly data: URL;
  readonly teacher: URL;
  readonly out: URL | undefined;
  readonly quick: boolean;
}

const ROOT = new URL("../../../../", import.meta.url);
const WORK = new URL(".build/train/e0/", ROOT);
const CHECKPOINT = new URL("checkpoint.bin", WORK);
const MODEL = new URL("packages/embed/model/", ROOT);
const CHECKSUMS = new URL("packages/embed/src/static/checksums.ts", ROOT);
const DIMENSION = 256;
const KINDS: readonly PairKind[] = ["dialog", "qa", "doc", "para", "xling", "crop"];
const HELD_OUT_PAIRS = 1_500;
/** Steps between two points of the curve. */
const POINT = 20;

export async function trainE0({ data: folder, teacher, out, quick }: TrainE0Options): Promise<void> {
  const settings = settingsOf(quick);
  const progress = reporter();
  mkdirSync(WORK, { recursive: true });
  const corpus = readCorpus(new URL("train/", folder), { most: settings.pairs, progress });
  progress(`${corpus.pairs.length} pairs of ${corpus.texts.length} texts`);
  const vocabulary = chooseVocabulary(corpus.texts, corpus.sourceOf, settings.vocabulary);
  progress(`${vocabulary.words} words and ${vocabulary.parts} parts of words have rows`);
  const order = teacherOrder(corpus, settings.training.seed);
  const teachers = await readTeacher({ corpus, vocabulary, order, settings, teacher, progress });
  const cropped = withCrops(corpus, settings.training.seed);
  const { data, heldOut } = trainingData(cropped, vocabulary, order, teachers, DIMENSION);
  progress(`${data.places.length} pairs to train on, ${heldOut.length} held out`);

  const matrices = loadMatrices();
  const student = createStudent(matrices, {
    dimension: DIMENSION,
    seed: settings.training.seed,
    lengths: startLengths(vocabulary),
  });
  const curve = await runTraining(matrices, student, data, settings, progress);
  for (const kind of KINDS) {
    const places = heldOut.filter((place) => cropped.pairs[place]?.kind === kind).slice(0, HELD_OUT_PAIRS);
    const { mrr, teacher: near, pairs } = validate(matrices, student, data, places);
    progress(
      `held out, ${kind}: reciprocal rank ${mrr.toFixed(3)} of ${pairs}, cosine with the teacher ${near.toFixed(3)}`,
    );
  }
  const target = out ?? (quick ? new URL("quick/", WORK) : MODEL);
  const checksums = target === MODEL ? CHECKSUMS : new URL("checksums.ts", target);
  await writeModel({ vocabulary, weights: student.weights.values(), target, checksums, progress });
  writeFileSync(
    new URL("loss.svg", target),
    lossCurve(curve, `E0, seed ${settings.training.seed}, ${data.places.length} pairs × ${settings.training.epochs}`),
  );
  rmSync(CHECKPOINT, { force: true });
}

interface TeacherRequest {
  readonly corpus: Corpus;
  readonly vocabulary: Vocabulary;
  readonly order: Uint32Array;
  readonly settings: Settings;
  readonly teacher: URL;
  readonly progress: (text: string) => void;
}

async function readTeacher({
  corpus,
  vocabulary,
  order,
  settings,
  teacher,
  progress,
}: TeacherRequest): Promise<{ texts: TeacherVectors; words: TeacherVectors }> {
  // Named by what was read, so that another vocabulary or order never takes up these vectors.
  const file = (name: string, texts: readonly string[]): URL => new URL(`e1-${name}-${hashOf(texts)}.bin`, WORK);
  const report = (name: string): ((done: number, of: number) => void) => {
    const started = performance.now();
    return (done, of) => progress(`teacher reads ${name}: ${done} of ${of}${left(started, done / of)}`);
  };
  const chosen = Array.from(order.subarray(0, settings.taught), (place) => corpus.texts[place] ?? "");
  return {
    words: await teach(vocabulary.wordTexts, {
      model: teacher,
      cache: file("words", vocabulary.wordTexts),
      progress: report("words"),
    }),
    texts: await teach(chosen, { model: teacher, cache: file("texts", chosen), progress: report("texts") }),
  };
}

async function runTraining(
  matrices: Matrices,
  student: Student,
  data: TrainingData,
  settings: Settings,
  progress: (text: string) => void,
): Promise<CurvePoint[]> {
  const fingerprint = fingerprintOf(settings, data);
  const from = readCheckpoint(CHECKPOINT, student, fingerprint);
  if (from > 0) progress(`goes on with epoch ${from + 1} of ${settings.training.epochs}; the curve begins there`);
  const started = performance.now();
  const before = from / settings.training.epochs;
  const curve: CurvePoint[] = [];
  let sum = { contrast: 0, teacher: 0, count: 0 };
  train(matrices, student, data, {
    ...settings.training,
    from,
    onStep({ step, of, contrast, teacher }) {
      sum = { contrast: sum.contrast + contrast, teacher: sum.teacher + teacher, count: sum.count + 1 };
      if (step % POINT !== POINT - 1 && step + 1 < of) return;
      const point = { step: step + 1, contrast: sum.contrast / sum.count, teacher: sum.teacher / sum.count };
      curve.push(point);
      sum = { contrast: 0, teacher: 0, count: 0 };
      if (step % (5 * POINT) === 5 * POINT - 1 || step + 1 === of) {
        const rest = left(started, ((step + 1) / of - before) / (1 - before));
        progress(
          `step ${step + 1} of ${of}: contrast ${point.contrast.toFixed(3)}, teacher ${point.teacher.toFixed(3)}${rest}`,
        );
      }
    },
    onEpoch: (next) => writeCheckpoint(CHECKPOINT, student, next, fingerprint),
  });
  return curve;
}

/** Tells runs apart: a checkpoint of other settings or data must not be taken up. */
function fingerprintOf(settings: Settings, data: TrainingData): number {
  const text = JSON.stringify([settings, data.places.length, data.encoded.rows.length, data.teacher.count]);
  return createHash("sha256").update(text).digest().readUInt32LE(0);
}

function hashOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text).update("\n");
  return hash.digest("hex").slice(0, 12);
}

/** Prints what it is told with the seconds since it was made. */
function reporter(): (text: string) => void {
  const started = performance.now();
  return (text) => console.log(`[${((performance.now() - started) / 1_000).toFixed(0)} s] ${text}`);
}

function left(started: number, share: number): string {
  const seconds = ((performance.now() - started) / 1_000) * (1 / Math.max(1e-6, share) - 1);
  return seconds < 1 ? "" : `, ${seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`} left`;
}
