import { describe, expect, it } from "vitest";
import { isCodeLike } from "./code-like.ts";

describe("is code", () => {
  it.each([
    "why does foo() fail",
    "the user_id column",
    "npm install --save-dev vitest",
    "const x => y",
    "std::vector",
    "run `ls`",
    "edit /etc/hosts",
    "<b>bold</b>",
    "a && b",
    "see ./src/main",
  ])("%j", (text) => {
    expect(isCodeLike(text)).toBe(true);
  });
});

describe("is prose", () => {
  it.each([
    "",
    "Ana and/or Ben",
    "on 24/7",
    "wait -- what?",
    "a well-known (old) place",
    "_",
    "it costs $5",
    "¿Qué? ¡No!",
    "https is on",
    "Dr. O'Neill's 50% share",
  ])("%j", (text) => {
    expect(isCodeLike(text)).toBe(false);
  });
});
