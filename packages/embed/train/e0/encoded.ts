/** Texts as the trainer keeps them: rows and weights of all texts in two flat arrays. */

import { createTokeniser, type RowPlan } from "../../src/static/tokenise.ts";
import { hashWord } from "../../src/static/row-table.ts";
import { unitsOf, type Vocabulary } from "./vocabulary.ts";

export interface Encoded {
  /** Of text i: places starts[i] … starts[i + 1]. */
  readonly starts: Uint32Array;
  readonly rows: Uint16Array;
  readonly weights: Float32Array;
}

/** Rows of a text that training reads: some 100 words. */
const MOST_ROWS = 320;

/** cost  about 10 s and 400 MB for 1.3 million texts */
export function encodeTexts(texts: readonly string[], plan: RowPlan): Encoded {
  const tokeniser = createTokeniser(plan);
  return collect(texts.length, (i, visit) =>
    tokeniser.words(
      texts[i] ?? "",
      (row) => visit(row, 1),
      (word) => tokeniser.rows(word, visit),
    ),
  );
}

/** What stands for each known word while it is treated as unknown. */
export function encodeUnknown(vocabulary: Vocabulary): Encoded {
  const tokeniser = createTokeniser(vocabulary);
  return collect(vocabulary.words, (i, visit) => {
    const word = vocabulary.wordTexts[i] ?? "";
    const units = unitsOf(word);
    const { length } = word;
    tokeniser.rows({ units, length, solid: false, hash: hashWord(units, length), row: -1 }, visit);
  });
}

function collect(count: number, each: (i: number, visit: (row: number, weight: number) => void) => void): Encoded {
  const starts = new Uint32Array(count + 1);
  let rows = new Uint16Array(1 << 20);
  let weights = new Float32Array(1 << 20);
  let end = 0;
  for (let i = 0; i < count; i++) {
    const start = end;
    each(i, (row, weight) => {
      if (end - start >= MOST_ROWS) return;
      if (end === rows.length) {
        rows = resized(rows, new Uint16Array(2 * end));
        weights = resized(weights, new Float32Array(2 * end));
      }
      rows[end] = row;
      weights[end++] = weight;
    });
    starts[i + 1] = end;
  }
  return { starts, rows: rows.slice(0, end), weights: weights.slice(0, end) };
}

function resized<T extends Uint16Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
