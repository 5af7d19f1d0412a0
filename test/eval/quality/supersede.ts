/** Superseding on labelled pairs: the open ones were read while its rules were written, the sealed ones are only counted. */

import { readFile } from "node:fs/promises";
import { findRelations, guessLanguage } from "@nexus/text";
import { judgeSupersede, type Statement } from "../../../packages/memory/src/remember/supersede.ts";
import type { QualityRow } from "./row.ts";
import { judgedRows } from "./verdicts.ts";

interface Said {
  readonly text: string;
  readonly speaker?: string;
  readonly at: string;
}

interface Pair {
  readonly older: Said;
  readonly newer: Said;
  readonly label: "supersedes" | "keep";
}

/** Precision of automatic superseding, its recall, and the share of positives that a reader is at least pointed to. */
export async function supersedeRows(options: { sealed?: boolean } = {}): Promise<QualityRow[] | undefined> {
  const rows: QualityRow[] = [];
  for (const part of options.sealed === false ? ["open"] : ["open", "sealed"]) {
    const file = new URL(`../pairs/supersede.${part}.json`, import.meta.url);
    const pairs = JSON.parse(await readFile(file, "utf8")) as Pair[];
    const judged = pairs.map(({ older, newer, label }) => {
      const { verdict } = judgeSupersede(statement(older), statement(newer));
      return { positive: label === "supersedes", claimed: verdict === "supersedes", pointed: verdict !== "none" };
    });
    rows.push(...judgedRows(`own pairs, supersede, ${part}`, judged));
  }
  return rows;
}

function statement({ text, speaker, at }: Said): Statement {
  const { language } = guessLanguage(text);
  return {
    content: text,
    language,
    speaker,
    at: Date.parse(at),
    relations: findRelations(text, { language, speaker }),
  };
}
