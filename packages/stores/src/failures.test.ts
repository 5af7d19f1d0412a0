import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";

import { translateFileError } from "./file-failures.node.ts";
import { translate, translateOpening } from "./surreal/failures.ts";

describe("translate", () => {
  it.each([
    ["IO error: No space left on device: While appending to file: /x/000009.log", "store.full"],
    ["Transaction conflict: Write conflict. This transaction can be retried", "store.conflict"],
    ["Corruption: block checksum mismatch: stored = 1, computed = 2 in /x/000008.sst", "store.corrupt"],
    ["IO error: While lock file: /x/LOCK: Resource temporarily unavailable", "store.locked"],
    [
      "Database index `memoryByExternalId` already contains ['t', 'SECRET'], with record `memory:SECRET`",
      "memory.exists",
    ],
    ["Couldn't coerce value for field `content`: Expected `string` but found `SECRET`", "internal.unexpected"],
    ["Database record `change:['t', 'SECRET', 1]` already exists", "internal.unexpected"],
    ["SECRET", "store.unavailable"],
  ])("%s → %s, the cause kept, nothing of it in the message", (sentence, code) => {
    const cause = new Error("An unexpected connection error occurred", { cause: new Error(sentence) });
    const error = translate(cause, "writing");
    expect(error).toMatchObject({ code, cause });
    expect(error.message).not.toContain("SECRET");
    expect(translate(error, "again")).toBe(error);
  });

  it.each([
    ["Corruption: CURRENT file does not end with newline", "store.corrupt"],
    ["IO error: No such file or directory: While opening a file: /x/MANIFEST-000010", "store.corrupt"],
    ["Failed to create RocksDB directory: `Os { code: 2, kind: NotFound }`", "store.unavailable"],
    ["IO error: While lock file: /x/LOCK: Resource temporarily unavailable", "store.locked"],
  ])("opening: %s → %s", (sentence, code) => {
    expect(translateOpening(new Error(sentence))).toMatchObject({ code });
  });
});

describe("translateFileError", () => {
  it.each([
    ["ENOSPC", "store.full"],
    ["EDQUOT", "store.full"],
    ["EROFS", "store.unavailable"],
    ["EIO", "store.unavailable"],
  ])("%s → %s", (errno, code) => {
    const cause = Object.assign(new Error(`${errno}: /secret/path`), { code: errno });
    const error = translateFileError(cause, "writing a blob");
    expect(error).toBeInstanceOf(NexusError);
    expect(error).toMatchObject({ code, cause });
    expect(error.message).not.toContain("secret");
  });
});
