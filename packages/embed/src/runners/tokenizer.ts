/** Text to token ids as the model was trained: cut first, then framed by its special tokens. */

import { NexusError } from "@nexus/core";
import { Tokenizer } from "@huggingface/tokenizers";

interface Encoded {
  readonly ids: readonly number[];
  readonly truncated: boolean;
}

export interface TextTokenizer {
  /** Pads a batch. */
  readonly padId: number;
  /** Special tokens before a text. */
  readonly lead: number;
  /** At most limit ids with the special ones. Reads at most 1,024 characters a token of the limit. */
  encode(text: string, limit: number): Encoded;
  /** Ids of the text alone, without special ones: how long an instruction is. */
  count(text: string): number;
}

export interface TokenizerOptions {
  /** The last token the model pools on: put at the end where the tokenizer's own frame lacks it. */
  readonly endToken?: boolean | undefined;
  /** Name of the pad token where tokenizer_config.json has none. */
  readonly padId?: number | undefined;
}

/** A first look at a long text, in characters a token: no vocabulary here has longer words on average. */
const CHARACTERS_PER_TOKEN = 16;
/** And the last: ten megabytes of spaces are no text, and would cost seconds. */
const MOST_CHARACTERS_PER_TOKEN = 1_024;
/** Ids after a cut in mid-text that may differ from those of the whole text. */
const SLACK = 16;

/**
 * A tokenizer from the parsed tokenizer.json and tokenizer_config.json.
 *
 * The truncation and padding in tokenizer.json are not obeyed (MiniLM's says 128, the model reads 256), and the text is
 * cut before the special tokens are added: cutting afterwards loses the final [SEP].
 *
 * throws  embed.tokenizer when the files are no tokenizer that is known
 */
export function createTextTokenizer(json: object, config: object, options: TokenizerOptions = {}): TextTokenizer {
  const tokenizer = build(json, config);
  const named = (key: string): number | undefined => {
    const value = (config as Readonly<Record<string, unknown>>)[key];
    const token = typeof value === "object" && value !== null ? (value as { content?: unknown }).content : value;
    return typeof token === "string" ? tokenizer.token_to_id(token) : undefined;
  };
  const plain = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;
  const { before, after } = frameOf(tokenizer, options.endToken === true ? named("eos_token") : undefined);
  const special = before.length + after.length;
  return {
    padId: named("pad_token") ?? options.padId ?? 0,
    lead: before.length,
    count: (text) => plain(text).length,
    encode(text, limit) {
      const room = limit - special;
      const { ids, whole } = firstIds(text, room, plain);
      const truncated = !whole || ids.length > room;
      return { ids: [...before, ...(truncated ? ids.slice(0, room) : ids), ...after], truncated };
    },
  };
}

/** What the tokenizer puts around a text, seen on a probe. */
function frameOf(tokenizer: Tokenizer, endId: number | undefined): { before: number[]; after: number[] } {
  const probe: readonly number[] = tokenizer.encode("a", { add_special_tokens: false }).ids;
  const framed: readonly number[] = tokenizer.encode("a").ids;
  const at = framed.findIndex((_, i) => probe.every((id, j) => framed[i + j] === id));
  if (probe.length === 0 || at < 0) {
    throw new NexusError(
      "embed.tokenizer",
      "[nexus/embed] the tokenizer gives a plain letter no token; import it again",
    );
  }
  const after = framed.slice(at + probe.length);
  const closed = endId === undefined || after.at(-1) === endId ? after : [...after, endId];
  return { before: framed.slice(0, at), after: closed };
}

/** The ids of a text, or of as much of its beginning as gives more than room; whole: of all of it. */
function firstIds(
  text: string,
  room: number,
  plain: (text: string) => number[],
): { readonly ids: readonly number[]; readonly whole: boolean } {
  for (let perToken = CHARACTERS_PER_TOKEN; perToken <= MOST_CHARACTERS_PER_TOKEN; perToken *= 4) {
    const length = (room + SLACK) * perToken;
    if (length >= text.length) return { ids: plain(text), whole: true };
    const ids = plain(text.slice(0, wordEnd(text, length)));
    if (ids.length > room + SLACK || perToken === MOST_CHARACTERS_PER_TOKEN) return { ids, whole: false };
  }
  return { ids: plain(text), whole: true };
}

/** The end of a word near a place, so that no word is cut; the place itself where words are very long. */
function wordEnd(text: string, near: number): number {
  for (let at = near; at > near - 256; at--) if (/\s/u.test(text.charAt(at))) return at;
  // Not between the halves of a surrogate pair.
  return /[\uDC00-\uDFFF]/.test(text.charAt(near)) ? near - 1 : near;
}

function build(json: object, config: object): Tokenizer {
  try {
    return new Tokenizer(json, config);
  } catch (cause) {
    throw new NexusError(
      "embed.tokenizer",
      "[nexus/embed] tokenizer.json is of no kind that is known; import it again",
      {
        cause,
      },
    );
  }
}
