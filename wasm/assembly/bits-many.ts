/** Hamming distances of one query of bits to many rows of them. */

import { hamming } from "./bits";

/**
 * `distances[i]` = bits in which the query and rows[i] differ, as f32 (exact below 2²⁴).
 *
 * shapes   query: [width] bytes; rows: [count · width]; width a multiple of 16; distances: [count] f32
 * cost     per row width/8 loads, xors and popcounts; the words of the query stay in registers at 128 … 512 bits,
 *          loops are unrolled at 768 … 1,536 (measured beside the general loop: wasm/README.md)
 */
export function hammingMany(query: usize, rows: usize, distances: usize, width: u32, count: u32): void {
  const end = distances + (<usize>count << 2);
  switch (width) {
    case 16:
      return many128(query, rows, distances, end);
    case 32:
      return many256(query, rows, distances, end);
    case 48:
      return many384(query, rows, distances, end);
    case 64:
      return many512(query, rows, distances, end);
    case 96:
      return many768(query, rows, distances, end);
    case 128:
      return many1024(query, rows, distances, end);
    case 192:
      return many1536(query, rows, distances, end);
  }
  for (; distances < end; distances += 4, rows += width) put(distances, hamming(query, rows, width));
}

function many128(query: usize, rows: usize, distances: usize, end: usize): void {
  const word0 = load<u64>(query);
  const word1 = load<u64>(query, 8);
  for (; distances < end; distances += 4, rows += 16) put(distances, two(rows, word0, word1));
}

function many256(query: usize, rows: usize, distances: usize, end: usize): void {
  const word0 = load<u64>(query);
  const word1 = load<u64>(query, 8);
  const word2 = load<u64>(query, 16);
  const word3 = load<u64>(query, 24);
  for (; distances < end; distances += 4, rows += 32) {
    put(distances, two(rows, word0, word1) + two(rows + 16, word2, word3));
  }
}

function many384(query: usize, rows: usize, distances: usize, end: usize): void {
  const word0 = load<u64>(query);
  const word1 = load<u64>(query, 8);
  const word2 = load<u64>(query, 16);
  const word3 = load<u64>(query, 24);
  const word4 = load<u64>(query, 32);
  const word5 = load<u64>(query, 40);
  for (; distances < end; distances += 4, rows += 48) {
    put(distances, two(rows, word0, word1) + two(rows + 16, word2, word3) + two(rows + 32, word4, word5));
  }
}

function many512(query: usize, rows: usize, distances: usize, end: usize): void {
  const word0 = load<u64>(query);
  const word1 = load<u64>(query, 8);
  const word2 = load<u64>(query, 16);
  const word3 = load<u64>(query, 24);
  const word4 = load<u64>(query, 32);
  const word5 = load<u64>(query, 40);
  const word6 = load<u64>(query, 48);
  const word7 = load<u64>(query, 56);
  for (; distances < end; distances += 4, rows += 64) {
    const low = two(rows, word0, word1) + two(rows + 16, word2, word3);
    put(distances, low + two(rows + 32, word4, word5) + two(rows + 48, word6, word7));
  }
}

function many768(query: usize, rows: usize, distances: usize, end: usize): void {
  for (; distances < end; distances += 4, rows += 96) put(distances, six(query, rows) + six(query + 48, rows + 48));
}

function many1024(query: usize, rows: usize, distances: usize, end: usize): void {
  for (; distances < end; distances += 4, rows += 128) {
    const low = six(query, rows) + six(query + 48, rows + 48);
    put(distances, low + four(query + 96, rows + 96));
  }
}

function many1536(query: usize, rows: usize, distances: usize, end: usize): void {
  for (; distances < end; distances += 4, rows += 192) {
    const low = six(query, rows) + six(query + 48, rows + 48);
    put(distances, low + six(query + 96, rows + 96) + six(query + 144, rows + 144));
  }
}

function put(at: usize, distance: u64): void {
  f32.store(at, <f32>(<i32>distance));
}

function two(row: usize, word0: u64, word1: u64): u64 {
  return popcnt(load<u64>(row) ^ word0) + popcnt(load<u64>(row, 8) ^ word1);
}

function four(query: usize, row: usize): u64 {
  return two(row, load<u64>(query), load<u64>(query, 8)) + two(row + 16, load<u64>(query, 16), load<u64>(query, 24));
}

function six(query: usize, row: usize): u64 {
  return four(query, row) + two(row + 32, load<u64>(query, 32), load<u64>(query, 40));
}
