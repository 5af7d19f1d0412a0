/** The port of metrics and logs. Labels and fields never carry a text, a key, a token, a tenant or a user. */

export type Labels = Readonly<Record<string, string>>;
export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Telemetry {
  /** Adds to a counter. */
  count(name: string, labels?: Labels, by?: number): void;
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: Labels): void;
  /** Adds one observation to a histogram, in the unit that its name ends in. */
  observe(name: string, value: number, labels?: Labels): void;
  log(level: LogLevel, message: string, fields?: LogFields): void;
}

/** Telemetry that goes nowhere. */
export const silent: Telemetry = { count() {}, gauge() {}, observe() {}, log() {} };
