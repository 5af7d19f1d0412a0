/** Detection of the language of a sentence: 75 languages × 40 sentences, and the turns of the development conversations. */

import { readFileSync } from "node:fs";

import { guessLanguage } from "@nexus/text";
import { detectLanguage, languageOf } from "@nexus/text/language";
import { sharedFile } from "../sets/shared.ts";
import type { QualityRow } from "./row.ts";

interface Sample {
  readonly language: string;
  readonly text: string;
}

interface Answer {
  readonly language: string;
  readonly confidence: number;
}

/**
 * Libraries on the same sentences, with codes brought together (no = nb, fil = tl, iw = he), in November 2026: cld3-asm 4.0.0 .876,
 * franc-all 7.2.0 limited to the 75 languages .871 and not limited .803, eld 2.1.0 .708 to .713 by size, tinyld 1.3.4 .625,
 * lande 1.0.10 .570; eld for its languages and franc-all between it and the rest .895.
 */
const RIVAL = { baseline: 0.876, rival: "cld3-asm 4.0.0" };
const SURE = 0.9;
const BINS = 10;

export async function languageRows(): Promise<QualityRow[] | undefined> {
  const file = sharedFile("langid/sentences-dev.tsv");
  if (!file) return undefined;
  const sentences = read(file);
  const beginnings = sentences.map(({ language, text }) => ({ language, text: beginning(text) }));
  const answers = sentences.map(({ text }) => detectLanguage(text));
  const stored = sentences.map(({ text }) => languageOf(text));
  const sure = sentences.map((sample, i) => ({ sample, answer: answers[i] as Answer }));
  const confident = sure.filter(({ answer }) => answer.confidence >= SURE);
  const set = "langid, 75 languages";
  return [
    {
      set,
      metric: "accuracy of detectLanguage",
      value: accuracy(sentences, answers),
      ...RIVAL,
      samples: sentences.length,
    },
    {
      set,
      metric: "accuracy of languageOf",
      value: accuracy(sentences, stored),
      ...RIVAL,
      samples: sentences.length,
    },
    {
      set,
      metric: "accuracy of guessLanguage (30 languages)",
      value: accuracy(
        sentences,
        sentences.map(({ text }) => guess(text)),
      ),
      samples: sentences.length,
    },
    {
      set,
      metric: "expected calibration error, 10 bins",
      value: calibrationError(sentences, answers),
      samples: sentences.length,
    },
    {
      set,
      metric: "expected calibration error of languageOf, 10 bins",
      value: calibrationError(sentences, stored),
      samples: sentences.length,
    },
    {
      set,
      metric: "accuracy at confidence ≥ .9",
      value: accuracy(
        confident.map(({ sample }) => sample),
        confident.map(({ answer }) => answer),
      ),
      samples: confident.length,
    },
    ...beginningRows(beginnings),
    ...turnRows(),
  ];
}

function beginningRows(beginnings: readonly Sample[]): QualityRow[] {
  const answers = beginnings.map(({ text }) => detectLanguage(text));
  const set = "langid, first 3 words";
  return [
    { set, metric: "accuracy of detectLanguage", value: accuracy(beginnings, answers), samples: answers.length },
    {
      set,
      metric: "expected calibration error, 10 bins",
      value: calibrationError(beginnings, answers),
      samples: answers.length,
    },
  ];
}

/** All turns are English: what is called something else is an error, and worse where it is sure. */
function turnRows(): QualityRow[] {
  const file = sharedFile("locomo/dev.json");
  if (!file) return [];
  const samples = JSON.parse(readFileSync(file, "utf8")) as { conversation: Record<string, unknown> }[];
  const turns = samples
    .flatMap(({ conversation }) => Object.values(conversation))
    .filter((session): session is { text: string }[] => Array.isArray(session))
    .flat();
  const answers = turns.map(({ text }) => languageOf(text));
  const set = "LoCoMo dev, turns";
  const share = (is: (answer: Answer) => boolean): number => answers.filter(is).length / answers.length;
  return [
    { set, metric: "called English", value: share(({ language }) => language === "en"), samples: answers.length },
    {
      set,
      metric: "called another language with confidence ≥ .9",
      value: share(({ language, confidence }) => language !== "en" && confidence >= SURE),
      samples: answers.length,
    },
  ];
}

function read(file: URL): Sample[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const tab = line.indexOf("\t");
      return { language: line.slice(0, tab), text: line.slice(tab + 1) };
    });
}

function beginning(text: string): string {
  return text.split(/\s+/u).slice(0, 3).join(" ");
}

function guess(text: string): Answer {
  const { language } = guessLanguage(text);
  return { language: language === "no" ? "nb" : language, confidence: 1 };
}

function accuracy(samples: readonly Sample[], answers: readonly Answer[]): number {
  return samples.filter(({ language }, i) => answers[i]?.language === language).length / samples.length;
}

/** Mean distance between confidence and accuracy over bins of equal width, each by its size. */
function calibrationError(samples: readonly Sample[], answers: readonly Answer[]): number {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }));
  for (const [i, { language, confidence }] of answers.entries()) {
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    if (!bin) continue;
    bin.confidence += confidence;
    if (samples[i]?.language === language) bin.right++;
  }
  return bins.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0) / answers.length;
}
