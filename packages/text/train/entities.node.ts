/** Trains the tagger of entities and writes its model. */

import { readConll, readNames, readPairs, readPatterns, writeModel } from "./corpus.node.ts";
import { trainChain, type TrainOptions, type Weights } from "./crf.ts";
import type { Example, Names, Prose } from "./example.ts";
import { buildLexicon } from "./lexicon.ts";
import { fitCalibration, type Judged } from "./isotonic.ts";
import { packModel } from "./pack.ts";
import { plainSentences } from "./plain.ts";
import { fromTemplates, withOtherNames } from "./templates.ts";
import { tagNames } from "../src/entities/tagger.ts";
import { unpackModel } from "../src/entities/model.ts";
import { tokenise } from "../src/entities/tokens.ts";
import type { Lexicon } from "../src/entities/vocabulary.ts";

export interface EntityTraining {
  /** The folder with train/pairs-*.jsonl.gz and ner/wnut17train.conll. */
  readonly data: URL;
  /** One in which the packages of src/entities/model.md are installed. */
  readonly packages: URL;
  /** The file to write; the model that ships by default. */
  readonly out?: URL | undefined;
  readonly progress: (text: string) => void;
}

const OPTIONS: TrainOptions = { epochs: 10, rate: 0.1, decay: 3e-3, minimum: 2, dropout: 0.3 };
const CLUSTERS = 200;
const FOLDS = 3;
/**
 * What is added to the scores of names. The folds, which share names with what was learnt from, ask for .5; texts with new names, such as WNUT17 dev, on which this one number was chosen, for 1.5 to 2.
 */
const BIAS = 1.5;
const TEMPLATE_ROUNDS = 10;
const PLAIN_SENTENCES = 4_000;
/** Share of the labelled sentences that are learnt from once more without capitals. */
const LOWERED = 0.3;

const MODEL = new URL("../src/entities/model.json", import.meta.url);

interface Learnt {
  readonly lexicon: Lexicon;
  readonly names: Names;
  readonly plain: readonly Example[];
}

/** Some four minutes; the same data and packages give the same bytes. */
export async function trainEntities({ data, packages, out = MODEL, progress }: EntityTraining): Promise<void> {
  const labelled = readConll(new URL("ner/wnut17train.conll", data));
  const names = await readNames(packages);
  const pairs = (): Iterable<Prose> => readPairs(new URL("train/", data));
  const lexicon = buildLexicon(pairs, names, CLUSTERS);
  progress(`${lexicon.size} words and phrases`);
  const learnt = { lexicon, names, plain: plainSentences(pairs(), lexicon, PLAIN_SENTENCES) };
  const folds = Array.from({ length: FOLDS }, (_, fold): Fold => {
    const weights = train(
      labelled.filter((_example, i) => i % FOLDS !== fold),
      learnt,
    );
    progress(`fold ${fold + 1} of ${FOLDS}`);
    return { weights, held: labelled.filter((_example, i) => i % FOLDS === fold) };
  });
  const { f1, judged } = judge(folds, lexicon);
  progress(`F1 on held-out folds ${f1.toFixed(4)}`);
  const packed = packModel(lexicon, train(labelled, learnt), BIAS, fitCalibration(judged));
  progress(writeModel(packed, out));
}

interface Fold {
  readonly weights: Weights;
  readonly held: readonly Example[];
}

/** All that is learnt from: the labelled sentences, as they are and with other names, templates, and plain sentences. */
function train(examples: readonly Example[], { lexicon, names, plain }: Learnt): Weights {
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) / 0x800000;
  };
  const lowered = examples
    .filter(({ mentions, text }) => mentions.length > 0 && text.toLowerCase().length === text.length)
    .filter(() => random() < LOWERED)
    .map((example) => ({ ...example, text: example.text.toLowerCase() }));
  const templates = fromTemplates(readPatterns(), names, TEMPLATE_ROUNDS, random);
  return trainChain(
    [...examples, ...withOtherNames(examples, names, random), ...lowered, ...templates, ...plain],
    lexicon,
    OPTIONS,
  );
}

/** F1 over the mentions of the folds, exact span and type, each fold by the model that has not seen it. */
function judge(folds: readonly Fold[], lexicon: Lexicon): { f1: number; judged: Judged[] } {
  const judged: Judged[] = [];
  let found = 0;
  let right = 0;
  let all = 0;
  for (const { weights, held } of folds) {
    const model = unpackModel(packModel(lexicon, weights, BIAS, [0, 1]));
    for (const { text, mentions } of held) {
      const tokens = tokenise(text);
      all += mentions.length;
      for (const { start, end, type, confidence } of tagNames(tokens, model)) {
        found++;
        const hit = mentions.some(
          (mention) =>
            mention.type === type && mention.start === tokens[start]?.start && mention.end === tokens[end - 1]?.end,
        );
        if (hit) right++;
        judged.push({ probability: confidence, right: hit });
      }
    }
  }
  return { f1: (2 * right) / (found + all), judged };
}
