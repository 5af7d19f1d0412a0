/** Whether two statements are about one person. */

/** "my brother Peter" may come back as "Peter". */
export function sameSubject(before: string, now: string): "yes" | "likely" | "no" {
  const a = person(before);
  const b = person(now);
  if (a === b) return "yes";
  if (a === "" || b === "") return "no";
  const [short, long] = before.length < now.length ? [before, now] : [now, before];
  return long.startsWith("my ") && /^\p{Lu}/u.test(short) && long.endsWith(` ${short}`) ? "likely" : "no";
}

/** "Grandma" is "my grandmother". */
function person(subject: string): string {
  return plain(subject)
    .replace(/^(?:my|mi) /, "")
    .replace(/^(?:grandma|granny|nan)\b/, "grandmother")
    .replace(/^grandpa\b/, "grandfather")
    .replace(/^(?:mum|mom|mama)\b/, "mother")
    .replace(/^(?:dad|papa)\b/, "father");
}

/** Whether a text tells two persons of one name apart. */
export function tellsApart(content: string): boolean {
  return OTHER_ONE.test(content);
}

/** Of two persons of one name. */
const OTHER_ONE =
  /\b(?:the other|a different|another|not (?:the|my|our) \p{L}+ (?:one|\p{Lu})|the one (?:from|with|who|in|at)|el otro|la otra|otr[oa]|no (?:el|la) de|namesake|tocay[oa]|same name)\b/u;
function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
