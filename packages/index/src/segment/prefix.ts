/** How many of a vector's first dimensions a scan compares before it rescores, for embeddings whose prefixes are embeddings too. */

/** What a choice of dimension goes by. */
export interface PrefixBudget {
  /** Characters of the text that the query was made from: a short one says little. */
  readonly queryLength: number;
  /** Time that is left for the search. */
  readonly msLeft: number;
  /** Compare in full, whatever it takes. */
  readonly thorough?: boolean | undefined;
}

const STEPS = [256, 384, 768, 1_536] as const;
const SHORT_QUERY = 20;
const FEW_RESULTS = 10;
const MANY_RESULTS = 50;
/** Nanoseconds of a scan for each row and dimension: 20 ns for 384 (bench `index-ways`, exact). */
const NS_PER_DIMENSION = 0.05;

/**
 * The first row of the table that holds (thorough or many results: 1,536; a short query for few: 256; by the time left 768,
 * 384, 256), then a step down while the scan would take more than half of that time. Never more than the vectors have.
 */
export function prefixFor(
  { dimension, rows, k }: { readonly dimension: number; readonly rows: number; readonly k: number },
  { queryLength, msLeft, thorough = false }: PrefixBudget,
): number {
  let step = STEPS.indexOf(firstStep(k, { queryLength, msLeft, thorough }));
  const takes = (prefix: number): number => rows * Math.min(prefix, dimension) * NS_PER_DIMENSION * 1e-6;
  if (!thorough) while (step > 0 && takes(STEPS[step]!) > msLeft / 2) step--;
  return Math.min(STEPS[step]!, dimension);
}

function firstStep(k: number, { queryLength, msLeft, thorough }: PrefixBudget): (typeof STEPS)[number] {
  if (thorough || k > MANY_RESULTS) return 1_536;
  if (queryLength < SHORT_QUERY && k <= FEW_RESULTS) return 256;
  if (msLeft >= 15) return 768;
  return msLeft >= 5 ? 384 : 256;
}
