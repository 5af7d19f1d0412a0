/** Sentences of conversations to learn from, made by filling names into patterns: the tweets have few of that kind, and none in Spanish. */

import type { Example, Names } from "./example.ts";

// What stands for a slot of patterns.txt: given name, full name, surname, place, company, title, brand.
const TYPES: Readonly<Record<string, string>> = {
  P: "person",
  F: "person",
  S: "person",
  L: "location",
  O: "organization",
  W: "concept",
  B: "concept",
};

/** Letters of names that nobody has written down, so that an unknown word can be a name. */
const PARTS = "ka lo mi ra ten vo sha zel dri bo nu ya fen tho ri wa chi dem os ande lu pra gim hal jo quin ster".split(
  " ",
);

/** Each pattern filled so many times. */
export function fromTemplates(
  patterns: readonly string[],
  names: Names,
  rounds: number,
  random: () => number,
): Example[] {
  const pick = picker(names, random);
  const examples: Example[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const pattern of patterns) examples.push(varied(fill(pattern, pick), random));
  }
  return examples;
}

/** The examples again with other names of the same type in place of their own, written in the same manner. */
export function withOtherNames(examples: readonly Example[], names: Names, random: () => number): Example[] {
  const pick = picker(names, random);
  const slots: Readonly<Record<string, readonly string[]>> = {
    person: ["P", "P", "F", "S"],
    location: ["L"],
    organization: ["O"],
    concept: ["W", "B"],
  };
  return examples
    .filter(({ mentions }) => mentions.length > 0)
    .map(({ text, mentions }) => {
      let made = "";
      let at = 0;
      const placed: { start: number; end: number; type: string }[] = [];
      for (const { start, end, type } of mentions) {
        const own = text.slice(start, end);
        made += text.slice(at, start);
        at = end;
        const kinds = slots[type] ?? ["P"];
        const name = random() < 0.5 ? own : pick(kinds[Math.floor(random() * kinds.length)] ?? "P");
        const written =
          own === own.toLowerCase()
            ? name.toLowerCase()
            : own === own.toUpperCase() && own.length > 3
              ? name.toUpperCase()
              : name;
        placed.push({ start: made.length, end: made.length + written.length, type });
        made += written;
      }
      return { text: made + text.slice(at), mentions: placed };
    });
}

function picker(names: Names, random: () => number): (slot: string) => string {
  const lists = Object.fromEntries(Object.entries(names).map(([kind, set]) => [kind, [...(set as Set<string>)]]));
  const any = (kind: string): string =>
    titled(lists[kind]?.[Math.floor(random() * (lists[kind]?.length ?? 0))] ?? "Ana");
  const made = (): string =>
    titled(
      Array.from({ length: 2 + Math.floor(random() * 2) }, () => PARTS[Math.floor(random() * PARTS.length)]).join(""),
    );
  return (slot) => {
    if (slot === "P") return random() < 0.25 ? made() : any("given");
    if (slot === "S") return random() < 0.25 ? made() : any("family");
    if (slot === "F") return `${any("given")} ${random() < 0.3 ? made() : any("family")}`;
    if (slot === "L") return random() < 0.1 ? made() : any("places");
    if (slot === "O") return any(random() < 0.5 ? "companies" : "brands");
    return any(slot === "W" ? "works" : "brands");
  };
}

function titled(name: string): string {
  return name
    .replaceAll(/(?<![\p{L}\p{M}'’])\p{Ll}/gu, (letter) => letter.toUpperCase())
    .replaceAll(/(?<= )(?:Of|The|And|In|A|De|La|Del)(?= )/gu, (word) => word.toLowerCase());
}

function fill(pattern: string, pick: (slot: string) => string): Example {
  let text = "";
  const mentions: { start: number; end: number; type: string }[] = [];
  for (const part of pattern.split(/(\{[A-Z]\})/u)) {
    const slot = /^\{(.)\}$/u.exec(part)?.[1];
    if (slot === undefined) {
      text += part;
      continue;
    }
    const name = pick(slot);
    mentions.push({ start: text.length, end: text.length + name.length, type: TYPES[slot] ?? "person" });
    text += name;
  }
  return { text, mentions };
}

/** Now and then without capitals, as people type on phones. */
function varied(example: Example, random: () => number): Example {
  const lower = example.text.toLowerCase();
  return random() < 0.15 && lower.length === example.text.length ? { ...example, text: lower } : example;
}
