/** Text: words, tokens, sentences, chunks, the guess at a language, and sparse (BM25) weights. */

export { withoutMarks } from "./accents.ts";
export { CHUNK_DEFAULTS, type ChunkOptions, chunkSemantic, type ChunkSpan } from "./chunk.ts";
export { chunk, type ChunkPlan, type ChunkStrategy } from "./chunk-strategies.ts";
export { answerCues, type Cue, CUES, cuesOf, cueTermId } from "./cues.ts";
export { documentVector, type DocumentVectorOptions } from "./document-vector.ts";
export { guessLanguage, type LanguageGuess } from "./language.ts";
export { matchSpans, type MatchSpan } from "./match-spans.ts";
export { queryTerms, type QueryTerm } from "./query-terms.ts";
export { sentences, type Span } from "./sentences.ts";
export { decodeSparse, encodeSparse } from "./sparse-codec.ts";
export { stopWords } from "./stop-words.ts";
export { entityTermId, termId, type WordTerm, wordTerms } from "./terms.ts";
export { countTokens } from "./tokens.ts";
export { type Word, words } from "./words.ts";
export { type DateMention, type DateOptions, findDates } from "./dates.ts";
export { type EntityMention, type EntityOptions, type EntityType, findEntities } from "./entities.ts";
export { nameKey } from "./name-key.ts";
export { LSH_HASHES, lshTerms } from "./lsh.ts";
export { estimateJaccard, minhash } from "./minhash.ts";
export { contentQuality, type ContentQualityOptions } from "./quality.ts";
export { conflict, type Facts, factsOf, type Guard, rewording } from "./guards.ts";
export { findRelations, type Relation, type RelationOptions, SINGLE_VALUED, type Tense } from "./relations.ts";
