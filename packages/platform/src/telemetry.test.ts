import { expect, it } from "vitest";
import { createTelemetry } from "./telemetry.ts";

it("a log line is one JSON object with time, level and message first; lower levels are not written", () => {
  const lines: string[] = [];
  const clock = { now: () => 0, monotonic: () => 0 };
  const write = (line: string) => void lines.push(line);
  const telemetry = createTelemetry({ clock, write, level: "warn", fields: { place: "local" } });
  telemetry.log("info", "unseen");
  telemetry.log("warn", "two\nlines", { requestId: "r", code: undefined, latencyMs: 1.5 });
  expect(lines).toEqual([
    '{"time":"1970-01-01T00:00:00.000Z","level":"warn","msg":"two\\nlines","place":"local","requestId":"r","latencyMs":1.5}',
  ]);
});
