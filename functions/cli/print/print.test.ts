/** What is printed for people. */

import { describe, expect, it } from "vitest";
import { createPaint, printable } from "./paint.ts";
import { count, createProgress, duration, progressLine } from "./progress.ts";
import { highlighted } from "./results.ts";
import { wrap } from "./wrap.ts";

const linesOf = (text: string, width?: number) => wrap(text, width).map(({ start, end }) => text.slice(start, end));

describe("wrap", () => {
  it("breaks between words and at line feeds, and never inside a word", () => {
    expect(linesOf("the quick brown fox", 10)).toEqual(["the quick", "brown fox"]);
    expect(linesOf("a b\n\nextraordinarily c", 5)).toEqual(["a b", "", "extraordinarily", "c"]);
    expect(linesOf("as long as it is")).toEqual(["as long as it is"]);
  });
});

describe("highlighted", () => {
  it("marks the parts of spans that lie on a line, overlapping ones once", () => {
    const paint = { ...createPaint(false), match: (text: string) => `<${text}>` };
    const spans = [
      { start: 8, end: 14, term: "Lisbon" },
      { start: 8, end: 10, term: "Li" },
      { start: 0, end: 3, term: "fly" },
    ];
    expect(highlighted("fly  to Lisbon now", { start: 0, end: 11 }, spans, paint)).toBe("<fly>  to <Lis>");
    expect(highlighted("fly  to Lisbon now", { start: 11, end: 18 }, spans, paint)).toBe("<bon> now");
  });
});

describe("printable", () => {
  it("leaves no control character that could drive a terminal, at the same length", () => {
    expect(printable("a\u001B[31mb\u009Bc\r\nd\te")).toBe("a\uFFFD[31mb\uFFFDc\uFFFD\nd e");
  });
});

describe("progress", () => {
  it("shows a bar, the count, the rate and the time left", () => {
    expect(progressLine("Importing", 1_500, 3_000, 3_000)).toBe(
      "Importing ████████████░░░░░░░░░░░░ 1,500 of 3,000 (50 %) · 500/s · 3.0 s left",
    );
    expect([duration(400), duration(12_000), duration(200_000), duration(7_500_000)]).toEqual([
      "0.4 s",
      "12 s",
      "3 min 20 s",
      "2 h 5 min",
    ]);
    expect(count(1_234_567)).toBe("1,234,567");
  });

  it("is a line every 5 s where nobody watches", () => {
    const lines: string[] = [];
    let time = 0;
    const progress = createProgress(
      { err: (text: string) => lines.push(text), redraw: () => lines.push("redrawn"), errIsTty: false } as never,
      { label: "Importing", total: 30, now: () => time },
    );
    for (let done = 0; done <= 30; done++, time += 1_000) progress.update(done);
    progress.end();
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe("Importing: 5 of 30 (16 %) · 1/s · 25 s left");
  });
});
