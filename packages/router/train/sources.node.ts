/** Reads the files that training texts come from. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { DomainClass } from "../src/domain-classes.ts";
import type { Example } from "./example.ts";

/** CLINC150's intents about money, as domain_train.tsv labels them; the rest is everyday. */
const MONEY_INTENTS: ReadonlySet<string> = new Set(
  (
    "account_blocked application_status apr balance bill_balance bill_due card_declined credit_limit credit_limit_change " +
    "credit_score damaged_card direct_deposit expiration_date freeze_account improve_credit_score income insurance " +
    "interest_rate international_fees min_payment new_card order_checks pay_bill payday pin_change redeem_rewards " +
    "replacement_card_duration report_fraud report_lost_card rewards_balance rollover_401k routing spending_history taxes " +
    "transactions transfer w2"
  ).split(" "),
);
/** Neither clearly. */
const UNCLEAR_INTENTS: ReadonlySet<string> = new Set([
  "insurance_change",
  "vaccines",
  "international_visa",
  "exchange_rate",
]);

/** Lines of label TAB text; none when the file is absent. */
export function readTsv(file: URL): Example[] {
  if (!existsSync(file)) return [];
  const examples: Example[] = [];
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const tab = line.indexOf("\t");
    if (tab > 0) examples.push({ domain: line.slice(0, tab) as DomainClass, text: line.slice(tab + 1) });
  }
  return examples;
}

/** CLINC150's training split; none when the file is absent. */
export function readIntents(file: URL): Example[] {
  if (!existsSync(file)) return [];
  const { train } = JSON.parse(readFileSync(file, "utf8")) as { train: [string, string][] };
  return train
    .filter(([, intent]) => !UNCLEAR_INTENTS.has(intent))
    .map(([text, intent]) => ({ text, domain: MONEY_INTENTS.has(intent) ? "financial" : "general" }));
}

/** Texts of pairs-*.jsonl.gz by source, of the sources that are asked for. Cost: about 2 s and 1 GB. */
export function readPairs(
  folder: URL,
  wanted: ReadonlySet<string>,
  progress: (text: string) => void,
): Map<string, string[]> {
  const bySource = new Map<string, string[]>();
  const files = readdirSync(folder).filter((name) => /^pairs-\d+\.jsonl\.gz$/.test(name));
  for (const [i, name] of files.sort().entries()) {
    progress(`reading ${name} (${i + 1} of ${files.length})`);
    for (const line of gunzipSync(readFileSync(new URL(name, folder)))
      .toString("utf8")
      .split("\n")) {
      if (line === "") continue;
      const { a, b, k, s } = JSON.parse(line) as { a: string; b: string; k: string; s: string };
      if (!wanted.has(s)) continue;
      const texts = bySource.get(s) ?? [];
      if (texts.length === 0) bySource.set(s, texts);
      // Both sides of dialogue and paraphrases, the question of an answer, both languages of a translation.
      texts.push(a);
      if (k !== "qa") texts.push(b);
    }
  }
  return bySource;
}

/** The turns of the repository's own conversations. */
export function readOwnTurns(): string[] {
  const folder = new URL("../../../test/eval/conversations/", import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((name) => {
      const { sessions } = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as {
        sessions: { turns: { text: string }[] }[];
      };
      return sessions.flatMap(({ turns }) => turns.map(({ text }) => text));
    });
}
