import { ERRORS } from "@nexus/core";
import { openApiDocument } from "@nexus/protocol";
import { describe, expect, it } from "vitest";
import { createFixture } from "./app-fixture.ts";
import { docsPage } from "./docs/page.ts";

const paths = Object.entries(openApiDocument({ version: "1" }).paths ?? {}) as [string, object][];

describe("documentation", () => {
  it("/openapi.json is the document of this version", async () => {
    const response = await createFixture().send("GET", "/openapi.json", undefined, { authorization: "" });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toMatchObject({ openapi: "3.1.0", info: { version: "1.2.3" } });
  });

  it("documents every route that is served, and no other", () => {
    const served = createFixture()
      .app.routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const documented = paths.flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect([...new Set(served)].sort()).toEqual(documented.sort());
  });

  it("the examples of requests are accepted by their routes", async () => {
    const { send } = createFixture();
    let sent = 0;
    for (const [path, methods] of paths) {
      for (const [method, operation] of Object.entries(methods)) {
        const content = (operation as { requestBody?: { content: Record<string, { examples: object }> } }).requestBody;
        const examples = Object.values(content?.content["application/json"]?.examples ?? {}) as { value: unknown }[];
        for (const { value } of examples) {
          const target = path.replace("{id}", "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");
          const response = await send(method.toUpperCase(), target, value);
          expect([path, response.status < 300]).toEqual([path, true]);
          sent++;
        }
      }
    }
    expect(sent).toBeGreaterThanOrEqual(10);
  });

  it("/docs is one page without scripts or foreign assets, with an anchor for every error code", async () => {
    const response = await createFixture().send("GET", "/docs", undefined, { authorization: "" });
    const page = await response.text();
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|src=|@import|url\(/);
    for (const code of Object.keys(ERRORS)) expect(page).toContain(`id="${code}"`);
    for (const [path] of paths) expect(page).toContain(path);
    expect(page).toContain("curl -X POST 'http://127.0.0.1:8787/api/search'");
  });

  it("text in the document cannot become markup", () => {
    const document = openApiDocument({ version: "<script>alert(1)</script>" });
    expect(docsPage(document)).not.toContain("<script>");
  });
});
