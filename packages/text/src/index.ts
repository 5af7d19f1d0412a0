/** Text: words, tokens, sentences, chunks, the guess at a language, and sparse (BM25) weights. */

export { withoutMarks } from "./accents.ts";
export { CHUNK_DEFAULTS, type ChunkOptions, chunkSemantic, type ChunkSpan } from "./chunk.ts";
export { documentVector, type DocumentVectorOptions } from "./document-vector.ts";
export { guessLanguage, type LanguageGuess } from "./language.ts";
export { matchSpans, type MatchSpan } from "./match-spans.ts";
export { queryTerms, type QueryTerm } from "./query-terms.ts";
export { sentences, type Span } from "./sentences.ts";
export { decodeSparse, encodeSparse } from "./sparse-codec.ts";
export { stopWords } from "./stop-words.ts";
export { termId, type WordTerm, wordTerms } from "./terms.ts";
export { countTokens } from "./tokens.ts";
export { type Word, words } from "./words.ts";
