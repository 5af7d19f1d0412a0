/** Colours, and text made safe to print. */

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  match(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export function createPaint(colour: boolean): Paint {
  const paint = (open: string) => (text: string) => (colour && text !== "" ? `\u001B[${open}m${text}\u001B[0m` : text);
  return { bold: paint("1"), dim: paint("2"), match: paint("1;33"), good: paint("32"), bad: paint("31") };
}

/**
 * A stored text must not move the cursor or change the window's title: control characters but the line feed become �
 * (tabs a space), each of the same length, so that spans still fit.
 */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return text.replaceAll("\t", " ").replaceAll(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, "\uFFFD");
}
