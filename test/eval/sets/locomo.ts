/** LoCoMo dev: five long conversations. Its licence is for evaluation: nothing that ships is fitted on it. */

import { readFileSync } from "node:fs";
import { type Corpus, dayAfter, type EvalSet, type Item, turnTime } from "../eval-set.ts";
import { sharedFile } from "./shared.ts";

interface Turn {
  readonly speaker: string;
  readonly dia_id: string;
  readonly text: string;
  readonly blip_caption?: string;
}

interface Sample {
  readonly sample_id: string;
  readonly conversation: Readonly<Record<string, unknown>>;
  readonly qa: readonly {
    readonly question: string;
    readonly evidence: readonly string[];
    readonly category: number;
  }[];
}

/** By number; 5, adversarial, has no answer to find. */
const CATEGORIES = ["", "multi-hop", "temporal", "open-domain", "single-hop"];

export function locomoSets(): EvalSet[] | undefined {
  const file = sharedFile("locomo/dev.json");
  if (!file) return undefined;
  const samples = JSON.parse(readFileSync(file, "utf8")) as Sample[];
  const corpora = samples.map(toCorpus);
  const asked = samples.flatMap(({ qa }) => qa).filter(({ category }) => category in CATEGORIES).length;
  const kept = corpora.reduce((sum, { questions }) => sum + questions.length, 0);
  return [{ name: "locomo", corpora, leftOut: asked - kept }];
}

function toCorpus({ sample_id, conversation, qa }: Sample): Corpus {
  const items = itemsOf(conversation);
  const known = new Set(items.map(({ id }) => id));
  const questions = qa.flatMap(({ question, evidence, category }, i) => {
    const name = CATEGORIES[category];
    const turns = evidenceIds(evidence).filter((id) => known.has(id));
    return name && turns.length > 0 ? [{ id: `q${i}`, text: question, category: name, evidence: turns }] : [];
  });
  return { id: sample_id, language: "en", items, questions, askedAt: dayAfter(items) };
}

function itemsOf(conversation: Sample["conversation"]): Item[] {
  const items: Item[] = [];
  for (let n = 1; Array.isArray(conversation[`session_${n}`]); n++) {
    const startedAt = parseTime(String(conversation[`session_${n}_date_time`]));
    (conversation[`session_${n}`] as Turn[]).forEach(({ speaker, dia_id, text, blip_caption }, place) =>
      items.push({
        id: dia_id,
        text: blip_caption === undefined ? text : `${text} ${blip_caption}`,
        speaker,
        sessionId: `s${n}`,
        createdAt: turnTime(startedAt, place),
      }),
    );
  }
  return items;
}

/** "1:56 pm on 8 May, 2023" as milliseconds, taken as UTC. */
function parseTime(text: string): number {
  const [, time = "", half = "", date = ""] = /^(\S+) (am|pm) on (.+)$/.exec(text.trim()) ?? [];
  const parsed = Date.parse(`${date} ${time} ${half} UTC`);
  if (Number.isNaN(parsed)) throw new Error(`[eval] LoCoMo: "${text}" is no session time`);
  return parsed;
}

/** Some of its strings hold several ids: "D8:6; D9:17". */
function evidenceIds(evidence: readonly string[]): string[] {
  return [...new Set(evidence.flatMap((text) => text.split(/[\s,;]+/)).filter((id) => id !== ""))];
}
