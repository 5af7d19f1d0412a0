/** The OpenAPI document and the page that people read, both made on first use. */

import { openApiDocument } from "@nexus/protocol";
import { answerText } from "../answer.ts";
import type { AppDependencies } from "../dependencies.ts";
import { docsPage } from "../docs/page.ts";
import { resource, type Routes } from "../resource.ts";

/** The page loads nothing: its styles are in it, and it has no script. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function docs(routes: Routes, deps: Pick<AppDependencies, "version">): void {
  const document = once(() => openApiDocument({ version: deps.version }));
  const json = once(() => JSON.stringify(document()));
  const page = once(() => docsPage(document()));

  resource(routes, "/openapi.json", {
    GET: [(c) => Promise.resolve(answerText(c, 200, json(), { "content-type": "application/json" }))],
  });

  resource(routes, "/docs", {
    GET: [
      (c) =>
        Promise.resolve(
          answerText(c, 200, page(), {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": PAGE_POLICY,
          }),
        ),
    ],
  });
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
