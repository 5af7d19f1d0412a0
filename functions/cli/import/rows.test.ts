/** Files as people have them. */

import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { checkRows } from "./check.ts";
import { decodeText } from "./decode.ts";
import { type ParseOptions, parseRows } from "./rows.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, options: Partial<ParseOptions> = {}) => parseRows(text, { fileName: "chat", ...options });
/** Line, session, speaker, time and text of each row. */
const turns = (text: string, options?: Partial<ParseOptions>) =>
  parse(text, options).rows.map(({ line, memory }) => [
    line,
    memory.sessionId,
    memory.speaker,
    memory.createdAt,
    memory.content,
  ]);

describe("a file's bytes", () => {
  it("are UTF-8, with or without a byte-order mark", () => {
    expect(decodeText(bytes("\uFEFFAna: ¿qué tal? 😀"))).toBe("Ana: ¿qué tal? 😀");
  });

  it.each([
    ["nothing but white space", bytes(" \n"), "the file is empty"],
    ["a cut-off character", bytes("Ana: one\nBen: caf\u00E9").slice(0, -1), "line 2 is not valid UTF-8"],
    ["Latin-1", new Uint8Array([0x41, 0x3a, 0x20, 0xe9, 0x0a]), "line 1 is not valid UTF-8"],
    ["a NUL byte", bytes("a\nb\0c"), "line 2 has a NUL byte"],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x41, 0x00]), "UTF-16"],
  ])("are refused as import.format when they are %s", (_what, input, message) => {
    const error = (() => {
      try {
        return decodeText(input);
      } catch (error) {
        return error;
      }
    })();
    expect(error).toBeInstanceOf(NexusError);
    expect(error).toMatchObject({ code: "import.format", message: expect.stringContaining(message) as string });
  });
});

describe("NDJSON", () => {
  it("keeps each line's own scope and takes the rest from the options; blank lines do not count", () => {
    const text = '{"content":"a","userId":"ana"}\r\n\r\n{"content":"b","userId":null}\n';
    expect(parse(text, { userId: "me", sessionId: "s" })).toEqual({
      format: "ndjson",
      rows: [
        { line: 1, memory: { content: "a", userId: "ana", sessionId: "s" } },
        { line: 3, memory: { content: "b", userId: "me", sessionId: "s" } },
      ],
      bad: [],
    });
  });

  it("names the lines that are no objects, and goes on", () => {
    const { rows, bad } = parse('{"content":"a"}\n{"content": "cut\n[1]\n{"content":"b"}');
    expect(rows.map(({ line }) => line)).toEqual([1, 4]);
    expect(bad.map(({ line }) => line)).toEqual([2, 3]);
  });
});

describe("a transcript", () => {
  it("has dated turns in brackets, with Windows line ends, a byte-order mark, emoji and Spanish", () => {
    const text = decodeText(
      bytes(
        "\uFEFF[2025-03-01 18:30] Ana: ¡Hola! ¿Qué tal? 😀\r\n[2025-03-01 18:31:05] José Luis: Muy bien, ¿y tú?\r\n",
      ),
    );
    expect(turns(text)).toEqual([
      [1, "chat", "Ana", "2025-03-01T18:30Z", "¡Hola! ¿Qué tal? 😀"],
      [2, "chat", "José Luis", "2025-03-01T18:31:05Z", "Muy bien, ¿y tú?"],
    ]);
  });

  it("has dated turns after the name, offsets, and days alone", () => {
    expect(
      turns("Ana (2025-03-01 18:30): one: two\nBen (2025-03-01T20:00+02:00): three\nAna (2025-03-02): four"),
    ).toEqual([
      [1, "chat", "Ana", "2025-03-01T18:30Z", "one: two"],
      [2, "chat", "Ben", "2025-03-01T20:00+02:00", "three"],
      [3, "chat", "Ana", "2025-03-02", "four"],
    ]);
  });

  it("has turns without times", () => {
    expect(turns("Ana: hi\nBen: hello\n")).toEqual([
      [1, "chat", "Ana", undefined, "hi"],
      [2, "chat", "Ben", undefined, "hello"],
    ]);
  });

  it("has messages over several lines, paragraphs and lists included", () => {
    const text =
      "[2025-03-01 18:30] Ana: To buy:\n- milk\n\n- bread\nNote: not the white one\nat 10:30, see https://x.test\n[2025-03-01 18:31] Ben:\nok";
    expect(turns(text)).toEqual([
      [
        1,
        "chat",
        "Ana",
        "2025-03-01T18:30Z",
        "To buy:\n- milk\n\n- bread\nNote: not the white one\nat 10:30, see https://x.test",
      ],
      [7, "chat", "Ben", "2025-03-01T18:31Z", "ok"],
    ]);
  });

  it("takes a known name without a time as a turn at the time of the one before", () => {
    expect(turns("[2025-03-01 18:30] Ana: one\nAna: two")[1]).toEqual([2, "chat", "Ana", "2025-03-01T18:30Z", "two"]);
  });

  it.each([
    ["blank lines", "Ana: a\nBen: b\n\nAna: c\nBen: d"],
    ["headings", "# Monday\nAna: a\nBen: b\n\n# Tuesday\nAna: c\nBen: d"],
    ["rules", "Ana: a\nBen: b\n\n--- 2 March ---\n\nAna: c\nBen: d"],
    ["two blank lines where one is between all turns", "Ana: a\n\nBen: b\n\n\nAna: c\n\nBen: d"],
  ])("is parted into sessions by %s", (_what, text) => {
    expect(turns(text).map(([, session, , , content]) => `${String(session)} ${String(content)}`)).toEqual([
      "chat-1 a",
      "chat-1 b",
      "chat-2 c",
      "chat-2 d",
    ]);
    expect(turns(text, { sessionId: "trip" }).map(([, session]) => session)).toEqual([
      "trip-1",
      "trip-1",
      "trip-2",
      "trip-2",
    ]);
  });

  it("names what comes before its first turn", () => {
    const { rows, bad } = parse("Messages are encrypted.\n[2025-03-01 18:30] Ana: hi");
    expect(rows).toHaveLength(1);
    expect(bad).toEqual([{ line: 1, detail: "comes before the first turn" }]);
  });
});

describe("the format", () => {
  it.each([
    ["prose", "Dear Ana,\nhow are you?"],
    ["CSV", "id,text\n1,hello"],
    ["a JSON array", '[{"content":"a"}]'],
    ["JSON over several lines", '{\n  "content": "a"\n}'],
    ["a list of settings", Array.from({ length: 9 }, (_, i) => `key${i}: value`).join("\n")],
  ])("is refused as import.format for %s", (_what, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: "import.format" }));
  });

  it("can be given", () => {
    expect(parse("Dear Ana,\nAna: hi", { format: "transcript" }).rows).toHaveLength(1);
    expect(parse("Ana: hi", { format: "ndjson" }).bad).toEqual([{ line: 1, detail: "is not a JSON object" }]);
  });
});

describe("rows", () => {
  it("are checked as the server would, each problem with its line", () => {
    const text = [
      '{"content":"good","createdAt":"2025-03-29"}',
      '{"content":" "}',
      '{"content":"x","colour":"red"}',
      '{"content":"x","createdAt":"2025-02-30"}',
      '{"content":"x","createdAt":"2031-01-01"}',
      '{"content":5}',
    ].join("\n");
    const { good, bad } = checkRows(parse(text).rows, Date.parse("2026-01-01T00:00:00Z"));
    expect(good.map(({ line }) => line)).toEqual([1]);
    expect(bad.map(({ line, detail }) => `${line} ${detail.split(" ")[0]}`)).toEqual([
      "2 content",
      "3 colour",
      "4 createdAt",
      "5 createdAt",
      "6 content",
    ]);
  });
});
