import { describe, expect, it } from "vitest";
import { MAX_SERIES_PER_METRIC } from "./defaults.ts";
import { createMetrics } from "./metrics.ts";

describe("metrics", () => {
  it("counters add up by labels, gauges keep the last value", () => {
    const metrics = createMetrics();
    metrics.count("requests_total", { route: "/a" });
    metrics.count("requests_total", { route: "/a" }, 2);
    metrics.count("requests_total", { route: "/b" });
    metrics.gauge("cache_bytes", 7, { tier: "l1" });
    metrics.gauge("cache_bytes", 5, { tier: "l1" });
    expect(metrics.exposition()).toBe(
      [
        "# HELP nexus_requests_total HTTP requests answered.",
        "# TYPE nexus_requests_total counter",
        'nexus_requests_total{route="/a"} 3',
        'nexus_requests_total{route="/b"} 1',
        "# HELP nexus_cache_bytes Bytes held by a cache tier.",
        "# TYPE nexus_cache_bytes gauge",
        'nexus_cache_bytes{tier="l1"} 5',
        "",
      ].join("\n"),
    );
  });

  it("histogram buckets are cumulative, include their bound, and end in +Inf", () => {
    const metrics = createMetrics();
    for (const seconds of [0.001, 0.0011, 0.25, 3]) metrics.observe("request_duration_seconds", seconds);
    const text = metrics.exposition();
    expect(text).toContain('_bucket{le="0.001"} 1\n');
    expect(text).toContain('_bucket{le="0.002"} 2\n');
    expect(text).toContain('_bucket{le="0.25"} 3\n');
    expect(text).toContain('_bucket{le="1"} 3\n');
    expect(text).toContain('_bucket{le="+Inf"} 4\n');
    expect(text).toContain("_sum 3.2521\n");
    expect(text).toContain("_count 4\n");
  });

  it("work inside the process has buckets from 10 µs to 10 ms", () => {
    const metrics = createMetrics();
    metrics.observe("fusion_seconds", 0.00002);
    const bounds = [...metrics.exposition().matchAll(/le="([^"]+)"/g)].map(([, bound]) => bound);
    expect(bounds).toEqual(
      ["0.00001", "0.00003", "0.0001", "0.0002", "0.0005", "0.001", "0.002", "0.005", "0.01", "+Inf"].map((bound) =>
        bound === "+Inf" ? bound : String(Number(bound)),
      ),
    );
  });

  it("quotes, backslashes and line breaks in label values are escaped", () => {
    const metrics = createMetrics();
    metrics.count("requests_total", { route: 'a"b\\c\nd' });
    expect(metrics.exposition()).toContain('{route="a\\"b\\\\c\\nd"} 1');
  });

  it(`beyond ${MAX_SERIES_PER_METRIC} series the rest is counted together`, () => {
    const metrics = createMetrics();
    for (let i = 0; i < MAX_SERIES_PER_METRIC + 50; i++) metrics.count("requests_total", { route: `/${i}` });
    const lines = metrics.exposition().trim().split("\n");
    expect(lines).toHaveLength(2 + MAX_SERIES_PER_METRIC + 1);
    expect(lines.at(-1)).toBe('nexus_requests_total{route="other"} 50');
  });

  it("values that are not finite, falling counters and a second kind of one name are dropped", () => {
    const metrics = createMetrics();
    metrics.count("requests_total");
    metrics.count("requests_total", {}, -1);
    metrics.gauge("requests_total", 9);
    metrics.gauge("cache_bytes", Number.NaN);
    metrics.observe("embed_seconds", Number.POSITIVE_INFINITY);
    expect(metrics.exposition().split("\n").slice(2)).toEqual(["nexus_requests_total 1", ""]);
  });
});
