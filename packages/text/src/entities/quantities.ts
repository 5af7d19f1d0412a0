/** Numbers with what they count, and prices. */

import type { Spot } from "./spots.ts";

const DIGIT = /\p{Nd}/u;
const NUMBER = new RegExp(
  String.raw`(?<![\p{L}\p{N}_.#@/-])(?:[$€£¥]\s?)?\p{Nd}+(?:[.,:]\p{Nd}+){0,6}(?:\s?(?:%|°[CF]?|€|\$|£|(?:km\/h|mph|km|kg|mg|ml|cm|mm|mi|lbs?|oz|GB|MB|KB|TB|kB|MHz|GHz|kWh|kW|ms|fps|hours?|hrs?|minutes?|mins?|miles?|dollars?|euros?|pounds?|percent|million|billion|thousand|horas|minutos|euros|pesos|dólares|millones|mil|[kKmM])(?![\p{L}\p{N}])))?(?![\p{L}\p{N}_/-])`,
  "gu",
);
/** Digits in a row are a number, whatever the words around it say. */
const CONFIDENCE = 0.95;

export function quantities(text: string): Spot[] {
  if (!DIGIT.test(text)) return [];
  const found: Spot[] = [];
  for (const { 0: number, index } of text.matchAll(NUMBER)) {
    found.push({ start: index, end: index + number.trimEnd().length, type: "number", confidence: CONFIDENCE });
  }
  return found;
}
