/** One spelling for all the ways a name is written, so that it names one node. */

const SPACE = /\s+/gu;

/**
 * The name in NFKC, case-folded, with single spaces and none around it.
 *
 * Upper case, then lower, folds what lower case alone keeps apart (ß and ss, ς and σ). The dotless ı becomes i, which full
 * case folding would keep: in Turkish names both spellings are common.
 */
export function nameKey(name: string): string {
  const folded = name.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("ς", "σ");
  return folded.normalize("NFKC").replace(SPACE, " ").trim();
}
