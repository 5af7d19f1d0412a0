/** The telemetry of a process: metrics in memory and logs as one JSON object a line. */

import type { Clock, LogFields, LogLevel, Telemetry } from "@nexus/core";
import { createMetrics, type Metrics } from "./metrics.ts";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

export interface TelemetryOptions {
  readonly clock: Clock;
  /** Takes one line, without its line break. */
  readonly write: (line: string) => void;
  /** Lines below it are not written. */
  readonly level: LogLevel;
  /** Fields of every line, such as `place` and `version`. */
  readonly fields?: LogFields;
}

export function createTelemetry(options: TelemetryOptions): Telemetry & Metrics {
  const { clock, write, level: threshold, fields: common } = options;
  const lowest = LEVELS.indexOf(threshold);
  return {
    ...createMetrics(),
    log(level, msg, fields) {
      if (LEVELS.indexOf(level) < lowest) return;
      write(JSON.stringify({ time: new Date(clock.now()).toISOString(), level, msg, ...common, ...fields }));
    },
  };
}
