/** Brings corpus, vocabulary and teacher together into what the training loop reads. */

import { isHeldOut } from "../held-out.ts";
import { principalBasis } from "./basis.ts";
import type { Corpus } from "./corpus.ts";
import { type Encoded, encodeTexts, encodeUnknown } from "./encoded.ts";
import { seeded, shuffle } from "./seeded.ts";
import { TEACHER_DIMENSION, type TeacherVectors } from "./teacher.ts";
import type { TrainingData } from "./train.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** How often a word comes among the texts that the teacher alone judges: words are few, and each stands in many texts. */
const WORD_REPEATS = 4;

/** Places of the texts that the teacher reads, in the order in which it does: all but translations, which it cannot judge. */
export function teacherOrder(corpus: Corpus, seed: number): Uint32Array {
  const own = Uint32Array.from(corpus.texts.keys()).filter((place) => corpus.translationOf[place] === -1);
  return shuffle(own, seeded(seed));
}

/**
 * shapes   order: from `teacherOrder`; texts: the teacher's vectors of the first of these; words: those of the vocabulary's words
 * cost     about 20 s for 1.3 million texts
 */
export function trainingData(
  corpus: Corpus,
  vocabulary: Vocabulary,
  order: Uint32Array,
  teachers: { readonly texts: TeacherVectors; readonly words: TeacherVectors },
  dimension: number,
): { data: TrainingData; heldOut: Uint32Array } {
  const count = corpus.texts.length;
  const encoded = withWords(encodeTexts(corpus.texts, vocabulary), vocabulary.words);
  const teacherOf = new Int32Array(count + vocabulary.words).fill(-1);
  for (let i = 0; i < teachers.texts.count; i++) teacherOf[order[i] as number] = i;
  // A translation is taught what the teacher makes of the English text.
  for (let i = 0; i < count; i++) {
    const english = corpus.translationOf[i] as number;
    if (english >= 0) teacherOf[i] = teacherOf[english] as number;
  }
  const alone = [...order.subarray(0, teachers.texts.count)];
  for (const word of englishWords(encoded, corpus, vocabulary.words)) {
    teacherOf[count + word] = teachers.texts.count + word;
    for (let i = 0; i < WORD_REPEATS; i++) alone.push(count + word);
  }
  const places = Uint32Array.from(corpus.pairs.keys());
  const data = {
    encoded,
    unknown: encodeUnknown(vocabulary),
    pairs: {
      a: Uint32Array.from(corpus.pairs, ({ a }) => a),
      b: Uint32Array.from(corpus.pairs, ({ b }) => b),
    },
    places: places.filter((place) => !isHeldOut(place)),
    specific: Uint8Array.from(corpus.pairs, ({ kind }) => (kind === "qa" || kind === "doc" ? 1 : 0)),
    teacher: joined(teachers.texts, teachers.words),
    teacherOf,
    basis: principalBasis(teachers.texts, TEACHER_DIMENSION, dimension),
    alone: Uint32Array.from(alone),
  };
  return { data, heldOut: places.filter(isHeldOut) };
}

/** The vocabulary's words as texts of their own, after all others. */
function withWords({ starts, rows, weights }: Encoded, words: number): Encoded {
  const end = rows.length;
  const all = {
    starts: new Uint32Array(starts.length + words),
    rows: new Uint16Array(end + words),
    weights: new Float32Array(end + words),
  };
  all.starts.set(starts);
  all.rows.set(rows);
  all.weights.set(weights);
  for (let word = 0; word < words; word++) {
    all.rows[end + word] = word;
    all.weights[end + word] = 1;
    all.starts[starts.length + word] = end + word + 1;
  }
  return all;
}

/** Rows of words that mostly occur in English texts: the teacher knows no others. */
function englishWords({ starts, rows }: Encoded, corpus: Corpus, words: number): number[] {
  const counts = new Float64Array(words);
  for (let text = 0; text < corpus.texts.length; text++) {
    const english = corpus.translationOf[text] === -1 ? 1 : -1;
    for (let at = starts[text] as number; at < (starts[text + 1] as number); at++) {
      const row = rows[at] as number;
      if (row < words) counts[row] = (counts[row] as number) + english;
    }
  }
  return [...counts.keys()].filter((word) => (counts[word] as number) > 0);
}

function joined(first: TeacherVectors, second: TeacherVectors): TeacherVectors {
  const values = new Int8Array(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return { count: first.count + second.count, values, scales: Float32Array.from([...first.scales, ...second.scales]) };
}
