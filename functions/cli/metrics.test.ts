/** Reading the server's metrics. */

import { expect, it } from "vitest";
import { parseMetrics, sumOf } from "./metrics.ts";

it("reads names, labels and values of Prometheus text, and sums series", () => {
  const samples = parseMetrics(`# HELP nexus_a_total Things.
# TYPE nexus_a_total counter
nexus_a_total{kind="x",note="a \\"b\\", c"} 2
nexus_a_total{kind="y"} 3
nexus_b 1.5e3
`);
  expect(samples[0]).toEqual({ name: "nexus_a_total", labels: { kind: "x", note: String.raw`a \"b\", c` }, value: 2 });
  expect(sumOf(samples, "nexus_a_total")).toBe(5);
  expect(sumOf(samples, "nexus_a_total", { kind: "y" })).toBe(3);
  expect(sumOf(samples, "nexus_b")).toBe(1_500);
  expect(sumOf(samples, "nexus_c")).toBeUndefined();
});
