import { describe, expect, it } from "vitest";
import { barChart } from "./bar-chart.ts";
import { lineChart } from "./line-chart.ts";

/** Names of elements in the order in which they open; throws when tags do not match. */
function elements(svg: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  for (const [, closing, name = "", rest = ""] of svg.matchAll(/<(\/?)([a-z]+)([^<>]*)>/g)) {
    if (closing) expect(open.pop()).toBe(name);
    else {
      seen.push(name);
      if (!rest.endsWith("/")) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return seen;
}

const count = (svg: string, name: string): number => elements(svg).filter((one) => one === name).length;

describe("a bar chart", () => {
  const chart = {
    title: "recall@10 <by> category & source",
    description: 'of "everything"',
    axis: "share",
    series: ["ours", "theirs"],
    groups: [
      { name: "temporal", values: [0.9, 0.8] },
      { name: "dense alone", values: [0.4, undefined] },
    ],
  };

  it("has a bar for each value, none for what was not measured, and says so in words", () => {
    const svg = barChart(chart);
    // The panel, three bars, two squares of the legend.
    expect(count(svg, "rect")).toBe(6);
    expect(svg).toContain("<title>recall@10 &lt;by&gt; category &amp; source</title>");
    expect(svg).toContain(".900");
  });

  it("is the same for the same figures, and without any figure still a picture", () => {
    expect(barChart(chart)).toBe(barChart(chart));
    expect(count(barChart({ ...chart, groups: [] }), "svg")).toBe(1);
  });
});

describe("a line chart", () => {
  it("has a dot for each point and a dashed diagonal when asked for", () => {
    const svg = lineChart({
      title: "growth",
      description: "time by number",
      x: { name: "memories", scale: "log" },
      y: { name: "ms", scale: "log" },
      series: [
        {
          name: "p50",
          points: [
            [1_000, 1],
            [10_000, 3],
            [100_000, 9],
          ],
        },
        {
          name: "p95",
          points: [
            [1_000, 2],
            [100_000, 20],
          ],
        },
      ],
      diagonal: true,
    });
    expect(count(svg, "circle")).toBe(5);
    expect(svg).toContain("stroke-dasharray");
    expect(svg).not.toContain("NaN");
  });
});
