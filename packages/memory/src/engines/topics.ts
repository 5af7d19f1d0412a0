/** What a memory is about, as engines count it: the entities that its text names, its tags, and its words that say something. */

import type { Memory } from "@nexus/core";
import { nameKey, stopWords, words, wordTerms } from "@nexus/text";

/** Topic key → how the memory writes it. Entities begin with `e:`, words with `w:`. */
export type Topics = ReadonlyMap<string, string>;

const SHORTEST = 3;
/** UTF-16 units of a text that are read. */
const READ = 4_096;

/**
 * The commonest words of English talk beside stop words, which are topics of nothing.
 *
 * source   words in most texts of four of five kinds (chat, orders, service, questions, schoolbooks) of the permissive
 *          training pairs, those that name a thing struck out by hand
 */
const COMMON: ReadonlySet<string> = new Set(
  (
    "like one time good need know make also much take now without within off says gets comes takes makes looks keeps seven eight nine twenty thirty honestly course want last check new see find let well type help able looking actually " +
    "old give great use both place kind possible more look wanted ask day days change changed way full made while name again lot " +
    "right sure problem interested having back instead try start started stop next going sorry long cannot high best better " +
    "getting got get think thinking thought near open choose reason week weeks first many mean means under fine extra using used " +
    "came come said say please found find however prefer happy set already until outside middle wrong specific side those ever " +
    "front pick special ahead support sort group late went idea needed still date soon list close most end missing morning " +
    "evening afternoon night today tomorrow yesterday year years month months hour hours minute minutes amount okay along " +
    "following form large small big quick cool between truly true same online option times add why thanks suggest things thing " +
    "keep several different asking asked somewhere currently anywhere wait away call called except include details clear move " +
    "number considered enjoy wish once wondering decided these feel total something anything nothing everything someone anyone " +
    "everyone meant chance question enough put easy such usually begin around sent send super either yet complete really even " +
    "though pretty quite maybe probably definitely certainly especially always never often sometimes guess hope hoping sounds " +
    "seem seems love loved nice awesome amazing wonderful glad hear heard told tell talk talking believe understand remember " +
    "forget forgot done did doing gone goes work working works worked life people person guy guys bit little whole part point " +
    "half second third two three four five ten hundred thousand yeah yes hey wow hello bye welcome thank haha lol less least"
  ).split(" "),
);

/** Topics of the first 4,096 units. A name of one word is that word, so that it counts where it was not taken for a name too. */
export function topicsOf({ content, language, entities = [], speaker }: Memory): Topics {
  const text = content.slice(0, READ);
  const topics = new Map<string, string>();
  const ownName = speaker === undefined ? undefined : nameKey(speaker);
  for (const { name, type, positions } of entities) {
    const key = nameKey(name);
    // A name that the text does not say is the speaker's, who is in every memory of theirs.
    if (key === ownName || (positions.length === 0 && type !== "tag")) continue;
    if (key.includes(" ")) topics.set(`e:${key}`, name);
    else if (type === "tag" || topicWords(key, language).length > 0) topics.set(wordKey(key, language), name);
  }
  for (const word of topicWords(text, language)) {
    const key = wordKey(word, language);
    if (!topics.has(key)) topics.set(key, word);
  }
  return topics;
}

function wordKey(word: string, language: string): string {
  return `w:${wordTerms(word, language)[0]?.id ?? word}`;
}

/** The words of a text that name something, lower case and in order: no stop word, no word of any talk, no number. */
export function topicWords(text: string, language: string): string[] {
  const [stop, english] = [stopWords(language), stopWords("en")];
  return words(text)
    .map((word) => word.text.toLowerCase())
    .filter(
      (word) =>
        word.length >= SHORTEST &&
        !/[\p{N}'’]/u.test(word) &&
        !stop.has(word) &&
        !english.has(word) &&
        !COMMON.has(word),
    );
}
