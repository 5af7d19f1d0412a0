/** The file of the built-in model: a header of 64 bytes, the hashes of words and parts, a scale and codes for each row. */

import { NexusError } from "@nexus/core";
import type { RowPlan } from "./tokenise.ts";

export interface StaticModel extends RowPlan {
  readonly dimension: number;
  /** Bits of a code. */
  readonly bits: 4 | 8;
  /** Median cosine of unrelated texts at 64, 128 and 256 dimensions; as many as the model has. */
  readonly unrelated: readonly number[];
  /** [rows]: number = scale · code. */
  readonly scales: Float32Array;
  /** Signed codes, [rows · dimension · bits / 8]; of 4 bits each, the even place is in the low half. */
  readonly codes: Int8Array;
  /** Of everything else in the file: what tells two trained models apart. */
  readonly checksum: number;
}

/** Dimensions whose first numbers were trained to be a vector of their own. */
export const PREFIXES = [64, 128, 256] as const;

/** "NXE0", little-endian. */
const MAGIC = 0x3045584e;
const VERSION = 1;
const HEADER_WORDS = 16;
const CHECKSUM_WORD = 2;
/** Words of the header, in u32; unrelated cosines are f32 from word 9 on. */
const PLACES = {
  magic: 0,
  version: 1,
  checksum: CHECKSUM_WORD,
  dimension: 3,
  bits: 4,
  words: 5,
  parts: 6,
  shared: 7,
  common: 8,
} as const;
const UNRELATED_WORD = 9;
const MOST_ROWS = 2 ** 20;

export function encodeStaticModel(model: Omit<StaticModel, "checksum">): Uint8Array {
  const { hashes, scales, codes } = model;
  const bytes = new Uint8Array(4 * (HEADER_WORDS + hashes.length + scales.length) + codes.length);
  const words = new Uint32Array(bytes.buffer);
  words[PLACES.magic] = MAGIC;
  words[PLACES.version] = VERSION;
  words[PLACES.dimension] = model.dimension;
  words[PLACES.bits] = model.bits;
  words[PLACES.words] = model.words;
  words[PLACES.parts] = model.parts;
  words[PLACES.shared] = model.shared;
  words[PLACES.common] = model.common;
  new Float32Array(bytes.buffer).set(model.unrelated, UNRELATED_WORD);
  words.set(hashes, HEADER_WORDS);
  new Float32Array(bytes.buffer).set(scales, HEADER_WORDS + hashes.length);
  bytes.set(
    new Uint8Array(codes.buffer, codes.byteOffset, codes.length),
    4 * (HEADER_WORDS + hashes.length + scales.length),
  );
  words[PLACES.checksum] = checksumOf(words);
  return bytes;
}

/**
 * The model in the bytes of its file, which it copies: they may change afterwards.
 *
 * cost     8 MB: a copy and a pass over it, some 10 ms
 * throws   `embed.load_failed` for bytes that are no such file, are not all of it, or differ from what was written
 */
export function decodeStaticModel(given: Uint8Array): StaticModel {
  if (given.length < 4 * HEADER_WORDS || given.length % 4 !== 0) {
    throw broken(`${given.length} bytes are no whole file`);
  }
  // Not slice: that of a Node Buffer is no copy.
  const bytes = new Uint8Array(given);
  const words = new Uint32Array(bytes.buffer);
  const word = (place: keyof typeof PLACES): number => words[PLACES[place]] as number;
  if (word("magic") !== MAGIC || word("version") !== VERSION) {
    throw broken(`it begins with ${word("magic")}, version ${word("version")}; expected ${MAGIC}, version ${VERSION}`);
  }
  const [dimension, bits, known, parts, shared] = [
    word("dimension"),
    word("bits"),
    word("words"),
    word("parts"),
    word("shared"),
  ];
  const rows = known + parts + shared;
  const depth = PREFIXES.indexOf(dimension as 64) + 1;
  if (depth === 0 || (bits !== 4 && bits !== 8) || known > MOST_ROWS || parts > MOST_ROWS || shared > MOST_ROWS) {
    throw broken(`its header says ${dimension} dimensions of ${bits} bits in ${rows} rows`);
  }
  const hashesEnd = HEADER_WORDS + known + parts;
  const codesAt = 4 * (hashesEnd + rows);
  const size = codesAt + (rows * dimension * bits) / 8;
  if (bytes.length !== size) throw broken(`it is ${bytes.length} bytes long, expected ${size}`);
  const checksum = checksumOf(words);
  if (checksum !== word("checksum")) throw broken(`its checksum is ${checksum}, expected ${word("checksum")}`);
  return {
    dimension,
    bits,
    words: known,
    common: word("common"),
    parts,
    shared,
    unrelated: [...new Float32Array(bytes.buffer, 4 * UNRELATED_WORD, depth)],
    hashes: words.subarray(HEADER_WORDS, hashesEnd),
    scales: new Float32Array(bytes.buffer, 4 * hashesEnd, rows),
    codes: new Int8Array(bytes.buffer, codesAt),
    checksum,
  };
}

/** Of all words but its own place; any change of one word changes it. */
function checksumOf(words: Uint32Array): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) {
    if (i === CHECKSUM_WORD) continue;
    sum = Math.imul(sum ^ (words[i] as number), 0x01000193);
    sum ^= sum >>> 15;
  }
  return sum >>> 0;
}

function broken(what: string): NexusError {
  return new NexusError(
    "embed.load_failed",
    `[nexus/embed:static] this is no file of the built-in model: ${what}; fetch it anew or train it with \`npm run train -- e0\``,
  );
}
