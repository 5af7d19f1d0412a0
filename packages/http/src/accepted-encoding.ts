/** Reads Accept-Encoding (RFC 9110, 12.5.3) as far as we can serve it. */

export type Encoding = "gzip" | "deflate";

/** The encoding with the highest weight, gzip before deflate; undefined when the caller wants neither. */
export function acceptedEncoding(header: string): Encoding | undefined {
  if (header === "gzip" || header.startsWith("gzip, deflate")) return "gzip";
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)) || 0);
  }
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get("*") ?? 0;
  const best = weightOf("deflate") > weightOf("gzip") ? "deflate" : "gzip";
  return weightOf(best) > 0 ? best : undefined;
}
