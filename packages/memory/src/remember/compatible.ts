/** Whether two values of a single-valued relation can both hold: "engineer" and "software engineer" can. */

/** "unclear": one may be part of the other. */
export type Compatibility = "same" | "unclear" | "different";

export function compatible(type: string, before: string, now: string): Compatibility {
  if (type === "phone") return digits(before, now);
  if (type === "timezone") return zoneOf(before) === zoneOf(now) ? "same" : "different";
  if (type === "age") return before === now ? "same" : "different";
  if (type === "maritalStatus")
    return before === now || ALONE.has(`${before} ${now}`)
      ? "same"
      : (before === "separated" && now === "single") ||
          ((before === "in a relationship") !== (now === "in a relationship") &&
            before !== "single" &&
            now !== "single")
        ? "unclear"
        : "different";
  const a = wordsOf(before);
  const b = wordsOf(now);
  if (a.length === 0 || b.length === 0) return "unclear";
  // "deputy headmaster", "headmaster": another rank is another post; "engineer", "software engineer" may be one.
  if (type === "jobTitle" && rankOf(a) !== rankOf(b)) return "different";
  if (within(a, b) || within(b, a)) return "same";
  if (type === "email") return "different";
  if (type === "partner") return a[0]?.slice(0, 3) === b[0]?.slice(0, 3) ? "unclear" : "different";
  // "a bank" may be the one that is named now; two names are two.
  if ((type === "employer" || type === "home") && !(isName(before) && isName(now))) return "unclear";
  if (type === "home") return regions(a, b) ? "unclear" : "different";
  return a.some((word) => b.includes(word) && !OFFICES.has(word)) && type !== "jobTitle" ? "unclear" : "different";
}

/** A divorced or widowed person is single as well; none of these says that something changed. */
const ALONE = new Set(["divorced single", "widowed single", "single divorced", "single widowed"]);
const RANKS = new Set(
  "deputy assistant associate junior senior head chief lead principal vice trainee apprentice acting interim sub sous co intern student staff general regional executive managing jefe jefa ayudante becario becaria aprendiz subdirector".split(
    " ",
  ),
);

/** The ranks that a title names, sorted. */
function rankOf(title: readonly string[]): string {
  return title
    .filter((word) => RANKS.has(word))
    .sort()
    .join(" ");
}

const OFFICES = new Set(
  "the and of de bank university hospital school high company group city council la el".split(" "),
);
/** Countries and regions that hold cities: naming one after a city, or a city after one, need not be a move. */
const REGIONS = new Set(
  (
    "portugal spain france germany italy england scotland wales ireland netherlands belgium switzerland austria poland greece turkey sweden norway " +
    "denmark finland iceland brazil argentina chile peru colombia mexico canada usa us uk america australia india china japan korea vietnam thailand " +
    "indonesia malaysia singapore philippines kenya nigeria ghana egypt morocco tunisia ethiopia tanzania uganda africa europe asia russia ukraine " +
    "romania hungary czechia slovakia croatia serbia bulgaria israel iran iraq lebanon jordan pakistan bangladesh nepal cuba uruguay paraguay bolivia " +
    "ecuador venezuela panama california texas florida ohio oregon washington nevada colorado arizona illinois michigan massachusetts virginia " +
    "brittany normandy provence bavaria saxony tuscany sicily lombardy catalonia andalusia galicia asturias cataluna andalucia espana francia italia " +
    "alemania brasil inglaterra kent sussex devon cornwall yorkshire algarve alentejo minho ontario quebec alberta queensland victoria zealand"
  ).split(" "),
);

/** Zones by their standard time, for the names that people use of them. */
const ZONES: Readonly<Record<string, string>> = {
  "utc+0": "london lisbon dublin uk bst british irish",
  "utc+1":
    "berlin paris madrid rome vienna amsterdam brussels warsaw prague stockholm oslo copenhagen zurich budapest lagos cest",
  "utc+2": "athens helsinki kyiv cairo bucharest beirut johannesburg eest",
  "utc+3": "moscow istanbul nairobi riyadh",
  "utc+5:30": "mumbai delhi kolkata india bangalore indian",
  "utc+8": "singapore hong beijing shanghai manila perth taipei",
  "utc+9": "tokyo seoul osaka",
  "utc+10": "sydney melbourne brisbane",
  "utc-3": "buenos montevideo sao",
  "utc-5": "lima bogota",
  "us-eastern": "new boston toronto miami atlanta",
  "us-central": "chicago dallas austin houston",
  "us-mountain": "denver",
  "us-pacific": "los seattle vancouver san",
};
let zones: Map<string, string> | undefined;

function zoneOf(value: string): string {
  zones ??= new Map(
    Object.entries(ZONES).flatMap(([zone, names]) => names.split(" ").map((name): [string, string] => [name, zone])),
  );
  if (value.startsWith("central european")) return "utc+1";
  return zones.get(value.split(" ")[0] ?? "") ?? value;
}

function regions(a: readonly string[], b: readonly string[]): boolean {
  const left = a.some((word) => REGIONS.has(word));
  const right = b.some((word) => REGIONS.has(word));
  return left !== right;
}

function digits(before: string, now: string): Compatibility {
  const a = before.replaceAll(/\D/g, "");
  const b = now.replaceAll(/\D/g, "");
  // A country or area code may be left out.
  return a.endsWith(b) || b.endsWith(a) || a.endsWith(b.replace(/^0/, "")) || b.endsWith(a.replace(/^0/, ""))
    ? "same"
    : "different";
}

function wordsOf(value: string): string[] {
  return value
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}@.+_-]+/u)
    .filter((word) => word !== "" && !/^(?:the|a|an|of|de|la|el|los|las|un|una|my|our|'s)$/.test(word));
}

function within(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((word) => whole.includes(word));
}

/** Written with a capital, or all of the text is lower-case: then it cannot be told and counts as a name. */
function isName(value: string): boolean {
  return !/^(?:an?|the|my|our|some|un|una|el|la|mi)\s+\p{Ll}/u.test(value);
}
