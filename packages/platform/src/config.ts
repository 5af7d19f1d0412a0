/** Reads settings from text, such as the environment: typed, frozen, and with all that is wrong reported together. */

import { NexusError, type Problem } from "@nexus/core";

/** One setting: how its text is read. `undefined` stands for a setting that was not given. */
export interface Knob<T> {
  /** Its name in the source; `NEXUS_` + upper snake case of its key if absent. */
  readonly name?: string | undefined;
  read(text: string | undefined): { readonly value: T } | { readonly problem: string };
}

export type Config<S> = { readonly [K in keyof S]: S[K] extends Knob<infer T> ? T : never };

interface Named {
  readonly name?: string;
}

/** The kinds of settings. A default makes a setting optional; without one it may be undefined. */
export const knob: {
  number(options: Named & { readonly default: number; readonly min?: number; readonly max?: number }): Knob<number>;
  integer(options: Named & { readonly default: number; readonly min?: number; readonly max?: number }): Knob<number>;
  boolean(options: Named & { readonly default: boolean }): Knob<boolean>;
  choice<T extends string>(options: Named & { readonly default: T; readonly of: readonly T[] }): Knob<T>;
  text(options: Named & { readonly default: string }): Knob<string>;
  optionalText(options?: Named): Knob<string | undefined>;
} = {
  number: (options) => numeric(options, "a number", Number.isFinite),
  integer: (options) => numeric(options, "a whole number", Number.isSafeInteger),
  boolean: (options) =>
    withDefault(options, (text) => {
      if (["true", "1", "yes", "on"].includes(text.toLowerCase())) return { value: true };
      if (["false", "0", "no", "off"].includes(text.toLowerCase())) return { value: false };
      return { problem: "must be true or false" };
    }),
  choice: (options) =>
    withDefault(options, (text) => {
      const value = options.of.find((choice) => choice === text);
      return value === undefined ? { problem: `must be one of ${options.of.join(", ")}` } : { value };
    }),
  text: (options) => withDefault(options, (value) => ({ value })),
  optionalText: (options = {}) =>
    withDefault<string | undefined>({ ...options, default: undefined }, (value) => ({ value })),
};

/** throws  `config.invalid` with every problem; values are not repeated, since they may be secrets */
export function parseConfig<S extends Readonly<Record<string, Knob<unknown>>>>(
  spec: S,
  source: Readonly<Record<string, string | undefined>>,
): Config<S> {
  const problems: Problem[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(spec)) {
    const name = setting.name ?? `NEXUS_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    const text = source[name]?.trim();
    const read = setting.read(text === "" ? undefined : text);
    if ("problem" in read) problems.push({ path: name, message: read.problem });
    else config[key] = read.value;
  }
  if (problems.length > 0) {
    const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new NexusError("config.invalid", `[nexus/platform:config] ${list}`, { problems });
  }
  return Object.freeze(config) as Config<S>;
}

function withDefault<T>(
  options: Named & { readonly default: T },
  read: (text: string) => { value: T } | { problem: string },
): Knob<T> {
  return {
    name: options.name,
    read: (text) => (text === undefined ? { value: options.default } : read(text)),
  };
}

function numeric(
  options: Named & { readonly default: number; readonly min?: number; readonly max?: number },
  kind: string,
  fits: (value: number) => boolean,
): Knob<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = options;
  const bounds = [
    ...(Number.isFinite(min) ? [`at least ${min}`] : []),
    ...(Number.isFinite(max) ? [`at most ${max}`] : []),
  ].join(" and ");
  return withDefault(options, (text) => {
    const value = Number(text);
    const good = /^[+-]?[\d.]/.test(text) && fits(value) && value >= min && value <= max;
    return good ? { value } : { problem: `must be ${kind}${bounds && `, ${bounds}`}` };
  });
}
