/** Reading the command line. */

import { describe, expect, it } from "vitest";
import { choice, parseArguments, splitCommand, textOf, wholeNumber } from "./arguments.ts";
import { UsageError } from "./command.ts";
import { recall } from "./commands/recall.ts";
import { readMetadata, remember } from "./commands/remember.ts";

describe("splitCommand", () => {
  it.each([
    [["recall", "x"], "recall", ["x"]],
    [["--json", "recall", "x"], "recall", ["--json", "x"]],
    [["--url", "http://h", "recall", "x"], "recall", ["--url", "http://h", "x"]],
    [["--help"], undefined, ["--help"]],
    [[], undefined, []],
  ])("finds the command in %j, whatever options come before it", (argv, command, rest) => {
    expect(splitCommand(argv)).toEqual({ command, rest });
  });
});

describe("parseArguments", () => {
  it("reads options in their long, short and joined forms, anywhere", () => {
    const { values, positionals } = parseArguments(remember, [
      "I",
      "-u",
      "me",
      "like",
      "--session=s1",
      "tea",
      "-m",
      "a=1",
      "-m",
      "b=2",
    ]);
    expect(values).toEqual({ user: "me", session: "s1", metadata: ["a=1", "b=2"] });
    expect(positionals).toEqual(["I", "like", "tea"]);
  });

  it("takes a lone - and what follows -- as text", () => {
    expect(parseArguments(remember, ["-"]).positionals).toEqual(["-"]);
    expect(parseArguments(remember, ["--", "--user"]).positionals).toEqual(["--user"]);
  });

  it.each([["--colour"], ["--k"], ["--explain=yes"]])("refuses %s as a usage error", (option) => {
    expect(() => parseArguments(recall, ["x", option])).toThrow(UsageError);
  });
});

describe("values", () => {
  it("are whole numbers, one of a few words, or texts that are not empty", () => {
    expect(wholeNumber("k", "12")).toBe(12);
    expect(wholeNumber("k", undefined)).toBeUndefined();
    for (const text of ["-1", "1.5", "ten", ""]) expect(() => wholeNumber("k", text)).toThrow(UsageError);
    expect(choice("mode", "fast", ["auto", "fast"])).toBe("fast");
    expect(() => choice("mode", "slow", ["auto", "fast"])).toThrow("--mode must be one of auto, fast");
    expect(textOf("the query", ["two", "words"])).toBe("two words");
    for (const words of [[], [" "]]) expect(() => textOf("the query", words)).toThrow("the query is missing");
  });

  it("of metadata are JSON only where nothing is lost by it", () => {
    const fields = [
      "topic=a=b",
      "n=3",
      "yes=true",
      "none=null",
      'o={"a": [1]}',
      "id=007",
      "big=12345678901234567890",
      "v=1.0",
      "empty=",
    ];
    expect(readMetadata(fields)).toEqual({
      topic: "a=b",
      n: 3,
      yes: true,
      none: null,
      o: { a: [1] },
      id: "007",
      big: "12345678901234567890",
      v: "1.0",
      empty: "",
    });
    for (const field of ["novalue", "=x"]) expect(() => readMetadata([field])).toThrow(UsageError);
  });
});
