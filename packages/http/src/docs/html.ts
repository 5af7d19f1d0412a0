/** HTML as text, with everything that is put into it escaped. */

/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | false | undefined | readonly Html[];

/** A template whose values are escaped unless they are HTML; lists are joined, absent values leave nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.map((text, i) => text + render(parts[i])).join("") };
}

/** Escaped, with `code` between backticks marked up. */
export function prose(text: string): Html {
  return { html: escape(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>") };
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escape(String(part));
  return "html" in part ? part.html : part.map((inner) => inner.html).join("");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
