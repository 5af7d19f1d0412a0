/** Terms of technology that are known by their form: identifiers, versions, error codes, files. */

import type { Spot } from "./spots.ts";

// Names of languages, tools and formats that a version may follow, and that are no common words.
const PRODUCTS =
  "node|node\\.js|python|java|typescript|javascript|postgres(?:ql)?|mysql|sqlite|redis|mongodb|kafka|docker|kubernetes|ubuntu|debian|" +
  "fedora|windows|macos|ios|android|react|angular|vue|svelte|django|rails|spring boot|laravel|php|ruby|rust|golang|swift|kotlin|" +
  "scala|nginx|apache|terraform|ansible|linux|npm|webpack|vite|git|gradle|maven|numpy|pandas|pytorch|tensorflow|cuda|openssl|graphql";
const TOOLS =
  "javascript|typescript|python|postgresql|mysql|sqlite|redis|mongodb|kubernetes|kafka|docker|graphql|pytorch|tensorflow|numpy|" +
  "terraform|nginx|webpack|eslint|node\\.js|next\\.js|c\\+\\+|c#|kotlin|golang|wasm|webassembly|github|gitlab|jenkins|elasticsearch|grafana|prometheus";

const FORMS: readonly RegExp[] = [
  // Calls, paths of members, snake_case, camelCase, CONSTANT_CASE.
  /(?<![\p{L}\p{N}_@#/.$])(?:[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*){0,4}\(\)|[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[a-z]{2,}[a-z0-9]*(?:[A-Z][a-z0-9]+)+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+){2,})(?![\p{L}\p{N}_])/gu,
  // Files.
  /(?<![\p{L}\p{N}_@#.-])[\w-]+(?:\.[\w-]+){0,4}\.(?:[jt]sx?|mjs|cjs|py|rb|rs|go|java|kt|swift|cpp|hpp|cs|php|sql|sh|ya?ml|json|toml|xml|html?|css|md|txt|csv|log|conf|ini|env|lock|wasm|pdf|docx?|xlsx?)(?![\p{L}\p{N}_])/giu,
  // A product and its version, a version alone, a version range's name.
  new RegExp(
    String.raw`(?<![\p{L}\p{N}_])(?:${PRODUCTS}) v?\d+(?:\.\d+){0,3}(?:-?(?:alpha|beta|rc)\.?\d*)?(?![\p{L}\p{N}_%])`,
    "giu",
  ),
  /(?<![\p{L}\p{N}_.])v\d+(?:\.\d+){1,3}(?:-[\w.]+)?(?![\p{L}\p{N}_])/gu,
  /(?<![\p{L}\p{N}_.])\d+\.\d+\.\d+(?:-[\w.]+)?(?![\p{L}\p{N}_.])/gu,
  // Error codes: E0308, TS2345, CVE-2024-1234, ENOENT, 0x80070005, HTTP 503.
  /(?<![\p{L}\p{N}_])(?:[A-Z]\d{4}|[A-Z]{2,4}\d{3,5}|CVE-\d{4}-\d{4,}|E(?:NOENT|ACCES|CONN[A-Z]{5,8}|TIMEDOUT|PIPE|EXIST|ADDRINUSE|NOMEM|PERM|INVAL|NOTFOUND)|0x[0-9A-Fa-f]{4,}|HTTP [1-5]\d\d|[A-Z]{2,}-\d{2,5}|SIG[A-Z]{3,4})(?![\p{L}\p{N}_-])/gu,
  /(?<![\p{L}\p{N}_-])(?:apt-get|pip3?|npx|kubectl|systemctl|pg_dump|git (?:push|pull|rebase|merge|commit|checkout|clone))(?![\p{L}\p{N}_-])/gu,
];
// Signs of the forms: without one none is looked for.
const SIGN =
  /[_()]|\d|\p{Ll}\p{Lu}|\p{L}\.\p{Ll}|E[A-Z]{3}|SIG[A-Z]|(?<!\p{L})(?:apt-get|npx|pip|kubectl|systemctl|git )/u;
const TOOL = new RegExp(String.raw`(?<![\p{L}\p{N}_.-])(?:${TOOLS})(?![\p{L}\p{N}_-])`, "giu");
// Names that are written with capitals inside.
const NO_TERM =
  /^(?:e-?mail|YouTube|iPhone|iPad|eBay|LinkedIn|WhatsApp|TikTok|PayPal|FaceTime|PlayStation|GitHub|COVID-19|McDonald|Mc\p{Lu}\p{Ll}+|[12]\d{3})$/u;
/** The forms are made for little else; the rest are names with capitals inside and sizes. */
const CONFIDENCE = 0.9;

export function technicalTerms(text: string): Spot[] {
  const found: Spot[] = [];
  collect(text, TOOL, found);
  if (SIGN.test(text)) for (const form of FORMS) collect(text, form, found);
  return found;
}

function collect(text: string, form: RegExp, into: Spot[]): void {
  for (const { 0: term, index } of text.matchAll(form)) {
    if (NO_TERM.test(term)) continue;
    into.push({ start: index, end: index + term.length, type: "technical", confidence: CONFIDENCE });
  }
}
