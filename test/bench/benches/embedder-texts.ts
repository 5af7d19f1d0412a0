/** Texts of about twenty tokens for the embedder bench, in Node and in workerd. */

const WORDS =
  "the harbour flat needs a new boiler before winter and Ana asked whether her brother Tomás could bring his tools on Saturday morning because the plumber is away until March they paid forty euros for the old one".split(
    " ",
  );
const LENGTH = 15;

/** `count` texts of fifteen words, no two neighbours alike. */
export function textsOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: LENGTH }, (_, n) => WORDS[(i * 7 + n * (1 + (i % 5))) % WORDS.length]).join(" "),
  );
}
