/** Numbers as values: digits, number words of English and Spanish, times of day, amounts with k or m behind them. */

const WORDS: Readonly<Record<string, number>> = {
  zero: 0,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  dozen: 12,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  siete: 7,
  ocho: 8,
  nueve: 9,
  diez: 10,
  doce: 12,
  trece: 13,
  catorce: 14,
  quince: 15,
  dieciseis: 16,
  diecisiete: 17,
  dieciocho: 18,
  diecinueve: 19,
  veinte: 20,
  veintiuno: 21,
  veintidos: 22,
  veintitres: 23,
  veinticuatro: 24,
  veinticinco: 25,
  veintiseis: 26,
  veintisiete: 27,
  veintiocho: 28,
  veintinueve: 29,
  treinta: 30,
  cuarenta: 40,
  cincuenta: 50,
  sesenta: 60,
  setenta: 70,
  ochenta: 80,
  noventa: 90,
  docena: 12,
};
const TIMES: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1000,
  million: 1e6,
  cien: 100,
  ciento: 100,
  mil: 1000,
  millon: 1e6,
  millones: 1e6,
};
const ORDINALS: Readonly<Record<string, number>> = {
  first: 1,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  eleventh: 11,
  twelfth: 12,
  primero: 1,
  primer: 1,
  primera: 1,
  segundo: 2,
  segunda: 2,
  tercero: 3,
  tercera: 3,
  tercer: 3,
  cuarto: 4,
  quinto: 5,
  quinta: 5,
};
const ONES = new Set(["one", "uno", "una", "un"]);

export interface NumberAt {
  /** Canonical: "34", "2.5", "15:00". */
  readonly value: string;
  /** Tokens that it takes. */
  readonly length: number;
}

/** The number that begins at a token, or undefined. `next` = the tokens from there on. */
export function numberAt(words: readonly string[], at: number, language: string): NumberAt | undefined {
  const word = words[at] ?? "";
  const code = word.charCodeAt(0);
  if (isDigit(code)) return digitsAt(words, at, language);
  if (!Object.hasOwn(WORDS, word) && !Object.hasOwn(TIMES, word) && !(ONES.has(word) && isTimes(words[at + 1]))) {
    if (word === "second" && isOrdinal(words, at)) return { value: "2", length: 1 };
    if (Object.hasOwn(ORDINALS, word)) return { value: String(ORDINALS[word]), length: 1 };
    return undefined;
  }
  return spelledAt(words, at);
}

function digitsAt(words: readonly string[], at: number, language: string): NumberAt {
  const written = words[at] ?? "";
  const after = words[at + 1] ?? "";
  const half = after === "am" || after === "pm" ? after : undefined;
  const time = /^(\d{1,2}):(\d{2})$/.exec(written);
  const hour = time ? Number(time[1]) : Number(written);
  if (half !== undefined && hour <= 12 && (time || /^\d+$/.test(written))) {
    return { value: `${(hour % 12) + (half === "pm" ? 12 : 0)}:${time?.[2] ?? "00"}`, length: 2 };
  }
  if (time) return { value: `${hour}:${time[2]}`, length: 1 };
  const value = decimal(written, language);
  if (after === "k" && Number(value) >= 1) return { value: String(Number(value) * 1000), length: 2 };
  if (/^(?:st|nd|rd|th)$/.test(after)) return { value, length: 2 };
  const factor = Object.hasOwn(TIMES, after) ? TIMES[after] : undefined;
  if (factor !== undefined) return { value: String(Number(value) * factor), length: 2 };
  return { value, length: 1 };
}

function decimal(written: string, language: string): string {
  const plain = written.normalize("NFKD");
  const thousands = language === "es" ? /^\d{1,3}(?:\.\d{3})+$/ : /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
  if (thousands.test(plain)) return plain.replaceAll(language === "es" ? "." : ",", "");
  if (/^\d+,\d+$/.test(plain)) return plain.replace(",", ".");
  return plain.length <= 2 ? String(Number(plain)) : plain;
}

function spelledAt(words: readonly string[], at: number): NumberAt {
  let total = 0;
  let part = 0;
  let i = at;
  for (; i < words.length; i++) {
    const word = words[i] ?? "";
    if (Object.hasOwn(WORDS, word)) {
      const value = WORDS[word] ?? 0;
      // "three four" are two numbers; "twenty four" is one.
      if (part > 0 && (part % 10 !== 0 || part % 100 === 10 || value >= (part % 100 || 100))) break;
      part += value;
    } else if (isTimes(word)) {
      const factor = TIMES[word] ?? 1;
      if (factor >= 1000) {
        total += (part || 1) * factor;
        part = 0;
      } else part = (part || 1) * factor;
    } else if (word === "one" && part >= 20 && part % 10 === 0) part += 1;
    else if (ONES.has(word) && i === at) part = 1;
    else if (
      (word === "and" || word === "y") &&
      (part >= 20 || total > 0) &&
      Object.hasOwn(WORDS, words[i + 1] ?? "")
    ) {
      if ((WORDS[words[i + 1] ?? ""] ?? 0) >= (part % 100 || 100) || (word === "and" && part % 100 !== 0)) break;
    } else break;
  }
  return { value: String(total + part), length: Math.max(1, i - at) };
}

/** "the second drawer", not "a second" or "second-hand". */
function isOrdinal(words: readonly string[], at: number): boolean {
  return !/^(?:a|an|per|every|each|\d+|hand)$/.test(words[at - 1] ?? "") && words[at + 1] !== "hand" && at > 0;
}

function isTimes(word: string | undefined): boolean {
  return word !== undefined && Object.hasOwn(TIMES, word);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
