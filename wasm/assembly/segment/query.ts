/** A query, or a row that stands for one, in the forms that scores are made from. */

import { dot } from "../dot";
import { hamming, packSigns } from "../bits";
import { rotate } from "../rotate";
import { dotCodes, dotSigned, quantise, sumCodes } from "../u7";
import {
  bitWidth,
  codesOf,
  codeWidth,
  dimension,
  headOf,
  linksBelow,
  linksOf,
  rowBytes,
  scaleOf,
  setState,
  setTail,
  sumOf,
  valuesOf,
  WAITING,
} from "./layout";
import { optimistic, queryBits, queryCodes, queryRotated, queryValues, useQueryBuffers } from "./scratch";

/** Half-width of the codes: code − CENTRE is the signed value. */
const CENTRE: i32 = 64;

let scale: f32 = 0;
/** 64 · Σ of the signed codes: what the rows' offset of 64 adds to every dot product. */
let offset: i32 = 0;
let bits: usize = 0;
/** Length of the query; rows have length 1. */
let length: f32 = 1;

/** Takes the f32 query that stands in `queryValues`. `width`: codes that count, a multiple of 16; less than all for a prefix. */
export function prepareQuery(width: u32): void {
  scale = quantise(queryValues, dimension, queryCodes, codeWidth);
  sign(width);
  length = sqrt<f32>(dot(queryValues, queryValues, <usize>dimension << 2));
  memory.copy(queryRotated, queryValues, rowBytes);
  rotate(queryRotated, dimension);
  packSigns(queryRotated, dimension, queryBits, bitWidth);
  bits = queryBits;
}

/** Copies the query to buffers of its own, and takes it up from there: batch.ts has the struct. */
export function suspendQuery(entry: usize): void {
  memory.copy(load<u32>(entry), queryValues, rowBytes);
  memory.copy(load<u32>(entry, 4), queryCodes, codeWidth);
  f32.store(entry, scale, 28);
  store<i32>(entry, offset, 32);
  f32.store(entry, length, 36);
}

export function resumeQuery(entry: usize): void {
  useQueryBuffers(load<u32>(entry), load<u32>(entry, 4));
  scale = f32.load(entry, 28);
  offset = load<i32>(entry, 32);
  length = f32.load(entry, 36);
}

/** Takes a row as the query. */
export function prepareRow(row: u32): void {
  memory.copy(queryCodes, codesOf(row), codeWidth);
  const head = headOf(row);
  scale = scaleOf(head);
  length = 1;
  sign(codeWidth);
  bits = head;
}

/** Makes codes signed: then Σ (a − 64)(b − 64) = Σ a′b − 64 Σ a′ needs nothing of the row, whatever the width. */
function sign(width: u32): void {
  offset = CENTRE * (sumCodes(queryCodes, width) - CENTRE * <i32>width);
  const centre = i8x16.splat(<i8>CENTRE);
  const end = queryCodes + codeWidth;
  for (let at = queryCodes; at < end; at += 16) v128.store(at, i8x16.sub(v128.load(at), centre));
}

/** Writes the row's columns from the f32 vector that stands in `queryValues`; it waits to be linked. */
export function writeRow(row: u32, upper: u32, level: u32): void {
  memory.copy(valuesOf(row), queryValues, rowBytes);
  encode(row, upper, level);
}

/** Writes the other columns of new rows whose f32 values are in their place. */
export function encodeRows(from: u32, to: u32): void {
  for (let row = from; row < to; row++) {
    memory.fill(linksOf(row, 0), 0xff, <usize>linksBelow << 2);
    encode(row, 0, 0);
  }
}

function encode(row: u32, upper: u32, level: u32): void {
  const codes = codesOf(row);
  const head = headOf(row);
  const rowScale = quantise(valuesOf(row), dimension, codes, codeWidth);
  memory.copy(queryRotated, valuesOf(row), rowBytes);
  rotate(queryRotated, dimension);
  packSigns(queryRotated, dimension, head, bitWidth);
  setTail(head, rowScale, sumCodes(codes, codeWidth), upper, level);
  setState(head, WAITING);
}

/** Dot product of the query with a row, both as codes. */
export function scoreRow(row: u32): f32 {
  return scoreCodes(codesOf(row), scaleOf(headOf(row)));
}

export function scoreCodes(codes: usize, rowScale: f32): f32 {
  return <f32>(dotSigned(queryCodes, codes, codeWidth) - offset) * (rowScale * scale);
}

/** The score that a sum of products comes to. */
export function scoreOfDot(sum: i32, rowScale: f32): f32 {
  return <f32>(sum - offset) * (rowScale * scale);
}

/** The same over the first `width` codes only. */
export function scorePrefix(codes: usize, rowScale: f32, width: u32): f32 {
  return <f32>(dotSigned(queryCodes, codes, width) - offset) * (rowScale * scale);
}

/** What the row's score may well be, going by its bits. */
export function estimate(row: u32): f32 {
  return length * f32.load(optimistic + (<usize>hamming(bits, headOf(row), bitWidth) << 2));
}

export function hammingOf(head: usize): u32 {
  return hamming(bits, head, bitWidth);
}

/** Dot product of two rows as codes. */
export function scorePair(a: u32, b: u32): f32 {
  const headA = headOf(a);
  const headB = headOf(b);
  const sums = CENTRE * (sumOf(headA) + sumOf(headB)) - CENTRE * CENTRE * <i32>codeWidth;
  return <f32>(dotCodes(codesOf(a), codesOf(b), codeWidth) - sums) * (scaleOf(headA) * scaleOf(headB));
}

/** Four standard deviations of the error that rounding both sides to codes makes: √((s_q² + |q|²·s_r²)/12), rows being of unit length. */
export function errorOf(row: u32): f32 {
  const rowScale = scaleOf(headOf(row));
  const rowError = length * rowScale;
  return 4 * sqrt<f32>((scale * scale + rowError * rowError) / 12);
}
