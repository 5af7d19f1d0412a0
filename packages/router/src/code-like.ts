/** Does a text hold code: calls, paths, flags, operators, names in snake_case. */

const BACKTICK = 0x60;
const UNDERSCORE = 0x5f;
const SLASH = 0x2f;
const DASH = 0x2d;

/** One look at each character; the first clear sign decides. */
export function isCodeLike(text: string): boolean {
  for (let i = 0; i + 1 < text.length; i++) {
    const code = text.charCodeAt(i);
    // Letters, digits beyond ASCII and spaces, which is nearly all, begin no sign.
    if (code > 0x7f || code <= 0x20 || isLetter(code)) continue;
    const next = text.charCodeAt(i + 1);
    if (code === BACKTICK && i + 2 < text.length) return true;
    if (code === UNDERSCORE && isLetter(next) && isLetter(text.charCodeAt(i - 1))) return true;
    if (code === DASH && next === DASH && isLetter(text.charCodeAt(i + 2)) && !isLetter(text.charCodeAt(i - 1)))
      return true;
    if (code === SLASH && isLetter(next) && isPathStart(text, i)) return true;
    if (SIGNS.has(text.slice(i, i + 2))) return true;
  }
  return false;
}

/** Two characters that prose does not put side by side. */
const SIGNS: ReadonlySet<string> = new Set([
  "()",
  "=>",
  "->",
  "::",
  "&&",
  "||",
  "==",
  "!=",
  "{}",
  "};",
  "[]",
  "</",
  "/>",
  "$(",
  "${",
  "+=",
]);

/** "/etc/hosts" is a path, "and/or" is not. */
function isPathStart(text: string, at: number): boolean {
  const before = at === 0 ? 0x20 : text.charCodeAt(at - 1);
  if (before !== 0x20 && before !== 0x2e && before !== 0x7e) return false;
  const end = text.indexOf(" ", at);
  return text.slice(at + 1, end < 0 ? text.length : end).includes("/");
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
