/** SVG as text: elements, escaping, and the frame that all charts share. */

export interface Frame {
  readonly title: string;
  /** One sentence for those who cannot see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
}

/** Colours that read on a light panel, told apart by those who do not tell red from green (Okabe and Ito). */
const COLOURS: readonly string[] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f"];
const INK = "#24292f";
const FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif";

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Children are SVG already; text goes through `label`. */
export function element(name: string, attributes: Attributes, children = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escape(String(value))}"`)
    .join("");
  return children === "" ? `<${name}${written}/>` : `<${name}${written}>${children}</${name}>`;
}

export function label(text: string, x: number, y: number, attributes: Attributes = {}): string {
  return element("text", { x, y, fill: INK, "font-size": 12, ...attributes }, escape(text));
}

/** A light panel with a title, so that it reads on any page. */
export function frame({ title, description, width, height }: Frame, content: string): string {
  const head = element("title", {}, escape(title)) + element("desc", {}, escape(description));
  const panel = element("rect", { width, height, rx: 8, fill: "#ffffff", stroke: "#d0d7de" });
  const heading = label(title, 16, 26, { "font-size": 15, "font-weight": 600 });
  return `${element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "font-family": FONT,
    },
    head + panel + heading + content,
  )}\n`;
}

/** Names beside their colours, one line, from the left. */
export function legend(names: readonly string[], x: number, y: number): string {
  let at = x;
  return names
    .map((name, i) => {
      const from = at;
      at += 26 + 6.6 * name.length;
      return (
        element("rect", { x: from, y: y - 9, width: 10, height: 10, rx: 2, fill: colour(i) }) +
        label(name, from + 15, y)
      );
    })
    .join("");
}

export function colour(i: number): string {
  return COLOURS[i % COLOURS.length] ?? INK;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
