import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { knob, parseConfig } from "./config.ts";

const spec = {
  port: knob.integer({ name: "PORT", default: 8_787, min: 0, max: 65_535 }),
  dedupThreshold: knob.number({ default: 0.95, min: 0, max: 1 }),
  logLevel: knob.choice({ default: "info", of: ["debug", "info"] }),
  queryHistory: knob.boolean({ default: false }),
  dataDir: knob.text({ default: ".nexus" }),
  apiKeys: knob.optionalText(),
};

describe("configuration", () => {
  it("has its defaults, is frozen, and takes an empty text for none", () => {
    const config = parseConfig(spec, { PORT: " " });
    expect(config).toEqual({
      port: 8_787,
      dedupThreshold: 0.95,
      logLevel: "info",
      queryHistory: false,
      dataDir: ".nexus",
      apiKeys: undefined,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("reads NEXUS_ and the key in upper snake case, unless the knob has a name", () => {
    const source = { PORT: "0", NEXUS_DEDUP_THRESHOLD: ".5", NEXUS_QUERY_HISTORY: "TRUE", NEXUS_API_KEYS: "k:t:read" };
    expect(parseConfig(spec, source)).toMatchObject({
      port: 0,
      dedupThreshold: 0.5,
      queryHistory: true,
      apiKeys: "k:t:read",
    });
  });

  it("reports everything that is wrong together, and repeats no value", () => {
    const source = { PORT: "80a", NEXUS_DEDUP_THRESHOLD: "2", NEXUS_LOG_LEVEL: "loud", NEXUS_QUERY_HISTORY: "maybe" };
    let error: unknown;
    try {
      parseConfig(spec, source);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(NexusError);
    expect((error as NexusError).problems).toEqual([
      { path: "PORT", message: "must be a whole number, at least 0 and at most 65535" },
      { path: "NEXUS_DEDUP_THRESHOLD", message: "must be a number, at least 0 and at most 1" },
      { path: "NEXUS_LOG_LEVEL", message: "must be one of debug, info" },
      { path: "NEXUS_QUERY_HISTORY", message: "must be true or false" },
    ]);
  });

  it.each(["1e3", "0x10", "1.5", "Infinity", "65536", "-1", "8787 "])("PORT=%s", (text) => {
    const read = () => parseConfig(spec, { PORT: text }).port;
    if (text === "1e3") expect(read()).toBe(1_000);
    else if (text === "0x10") expect(read()).toBe(16);
    else if (text === "8787 ") expect(read()).toBe(8_787);
    else expect(read).toThrow(NexusError);
  });
});
