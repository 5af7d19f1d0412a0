/** Reads statements turned round: "Tom is my husband", "Porto is home now". */

import { surroundings } from "./context.ts";
import { add, LASTING, type Place, type Scan, viewFrom } from "./scan.ts";
import { auxiliariesAt } from "./verbs.ts";

/** "Tom is my husband", "Porto is home now". */
export function readInverse(scan: Scan, { tokens, at, subject }: Place): void {
  const helpers = auxiliariesAt(tokens, subject.next);
  const view = viewFrom(tokens, helpers.next);
  const cleft = /^(?:who|that) (?:pays my (?:bills|salary|wages|rent)|employs me|hired me|i work for) /.test(
    view.words,
  );
  const employs =
    cleft || /^(?:pays my (?:bills|salary|wages|rent)|employs me|hired me|took me on|gave me a job) /.test(view.words);
  if (!helpers.be && !employs) return;
  const type = employs ? "employer" : INVERSE.find(([pattern]) => pattern.test(view.words))?.[1];
  if (type === undefined) return;
  const around = surroundings(tokens, {
    at,
    end: helpers.next,
    event: false,
    been: false,
    lasting: LASTING.has(type),
  });
  add(
    scan,
    { tokens, at, from: at, to: subject.next },
    {
      type,
      subject: "",
      confidence: 0.95 * around.confidence,
      affirmative: !helpers.negated,
      tense: helpers.tense ?? around.tense ?? "present",
      change: around.change || helpers.change,
      qualifier: around.qualifier,
    },
  );
}

const INVERSE: readonly (readonly [RegExp, string])[] = [
  [/^my (?:new |current )?(?:husband|wife|partner|boyfriend|girlfriend|fiance|fiancee|spouse) /, "partner"],
  [/^mi (?:nuev[oa] )?(?:actual )?(?:marido|mujer|esposo|esposa|novio|novia|pareja) /, "partner"],
  [/^(?:my (?:new |current )?employer|who pays my bills|who employs me|where i work) /, "employer"],
  [/^(?:home|where i live|where we live|my (?:new )?(?:home|city|base)|where i am based) /, "home"],
];
