/** The addresses that an operator may give for a remote model. */

import { NexusError } from "@nexus/core";
import { expect, it } from "vitest";
import { endpointOf } from "./endpoint.ts";

it.each([
  ["http://localhost:11434", "ollama", "http://localhost:11434/api/embed"],
  ["http://127.0.0.1:11434/api/embed/", "ollama", "http://127.0.0.1:11434/api/embed"],
  ["https://host/api", "ollama", "https://host/api/embed"],
  ["http://[::1]:1234/", "openai", "http://[::1]:1234/v1/embeddings"],
  ["https://api.openai.com/v1/", "openai", "https://api.openai.com/v1/embeddings"],
  ["https://host/openai/embeddings?api-version=1#a", "openai", "https://host/openai/embeddings?api-version=1"],
  ["http://localhost:11434/v1", "openai", "http://localhost:11434/v1/embeddings"],
])("%s is %s and leads to %s", (given, kind, url) => {
  expect(endpointOf(given, {})).toEqual({ url, kind, name: new URL(given).origin });
});

it("is of the kind that the operator says, behind any path", () => {
  expect(endpointOf("https://host", { kind: "ollama" }).url).toBe("https://host/api/embed");
  expect(endpointOf("https://host/models", { kind: "ollama" }).url).toBe("https://host/models/api/embed");
  expect(endpointOf("http://localhost:11434", { kind: "openai" }).url).toBe("http://localhost:11434/v1/embeddings");
});

it.each(["http://10.0.0.1", "http://localhost.example.com", "http://127.0.0.1.example.com"])(
  "may be %s, another machine without TLS, only where that is allowed",
  (url) => {
    expect(() => endpointOf(url, {})).toThrow(NexusError);
    expect(endpointOf(url, { allowHttp: true }).url).toBe(`${url}/v1/embeddings`);
  },
);

it.each(["", "host", "ftp://host", "file:///etc/passwd", "https://user:secret@host", "https://secret@host"])(
  "cannot be %j, and no secret in it is repeated",
  (url) => {
    expect(() => endpointOf(url, {})).toThrow(
      expect.objectContaining({ code: "config.invalid", message: expect.not.stringContaining("secret") as string }),
    );
  },
);
