import { ERRORS } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { openApiDocument, operations } from "./openapi.ts";

const document = openApiDocument({ version: "1.2.3" });
const text = JSON.stringify(document);

describe("the OpenAPI document", () => {
  it("is OpenAPI 3.1 of the given version, and every reference leads somewhere", () => {
    expect(document).toMatchObject({ openapi: "3.1.0", info: { version: "1.2.3" } });
    const targets = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
    expect(targets.size).toBeGreaterThanOrEqual(5);
    for (const name of targets) expect(Object.keys(document.components?.schemas ?? {})).toContain(name);
  });

  it("names every operation once, says who may use it, and what can go wrong", () => {
    const ids = new Set<string>();
    for (const methods of Object.values(document.paths ?? {})) {
      for (const operation of Object.values(methods as Record<string, Record<string, never>>)) {
        const { operationId, responses, security } = operation;
        expect(ids.has(operationId ?? "")).toBe(false);
        ids.add(operationId ?? "");
        expect(Array.isArray(security)).toBe(true);
        expect(Object.keys(responses ?? {}).some((status) => status.startsWith("2"))).toBe(true);
        expect(JSON.stringify(responses)).toContain("application/problem+json");
      }
    }
    expect(ids.size).toBe(operations.length);
  });

  it("declares each path parameter that a path has", () => {
    for (const [path, methods] of Object.entries(document.paths ?? {})) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const operation of Object.values(
        methods as Record<string, { parameters?: { in: string; name: string }[] }>,
      )) {
        const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
        expect(declared.map(({ name }) => name)).toEqual(wanted);
      }
    }
  });

  it("quotes the limits and knows every code that it names", () => {
    for (const limit of ["4194304", "1048576", "16384", "8192", "200", "1000"]) expect(text).toContain(limit);
    for (const { errors = [] } of operations) for (const code of errors) expect(Object.keys(ERRORS)).toContain(code);
  });
});

describe("examples", () => {
  const requests = operations.flatMap(({ id, body }) =>
    Object.entries(body?.examples ?? {}).map(([name, value]) => [id, name, body?.schema, value] as const),
  );
  it.each(requests)("the request %s %s parses", (_id, _name, schema, value) => {
    expect(schema?.safeParse(value).error).toBeUndefined();
  });

  const answers = operations.flatMap(({ id, answers }) =>
    answers.flatMap(({ status, schema, example }) => (schema ? [[id, status, schema, example] as const] : [])),
  );
  it.each(answers)("the answer %s %i parses, with no field that the schema lacks", (_id, _status, schema, example) => {
    expect(schema.parse(example)).toEqual(example);
  });
});
