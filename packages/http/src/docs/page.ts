/** The OpenAPI document as one readable page: no script, nothing loaded from elsewhere. */

import { type ErrorCode, errorKind, ERRORS } from "@nexus/core";
import type { OpenApiDocument } from "@nexus/protocol";
import { html, type Html, prose } from "./html.ts";
import { type DocumentedOperation, outline } from "./outline.ts";
import { type Schema, schemaText } from "./schema-text.ts";
import { block, section } from "./section.ts";
import { style } from "./style.ts";

export function docsPage(document: OpenApiDocument): string {
  const { title, version, description = "" } = document.info;
  const byTag = Map.groupBy(outline(document), ({ tag }) => tag);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} API</title>
        <style>
          ${{ html: style }}
        </style>
      </head>
      <body>
        <main>
          <h1>${title} <small>${version}</small></h1>
          <p>${prose(description)}</p>
          <p>The same for programs: <a href="/openapi.json">/openapi.json</a>.</p>
          <nav>${[...byTag].map(([tag, operations]) => contents(tag, operations))}</nav>
          ${[...byTag].map(
            ([tag, operations]) =>
              html`<h2>${tag}</h2>
                ${operations.map(section)}`,
          )}
          <h2>Shapes</h2>
          ${shapes(document)}
          <h2>Errors</h2>
          ${errorTable()}
        </main>
      </body>
    </html>`;
  return page.html;
}

function contents(tag: string, operations: readonly DocumentedOperation[]): Html {
  const items = operations.map(
    ({ id, method, path }) =>
      html`<li>
        <a href="#${id}"><code>${method} ${path}</code></a>
      </li>`,
  );
  return html`<h4>${tag}</h4>
    <ul>
      ${items}
    </ul>`;
}

function shapes(document: OpenApiDocument): Html[] {
  const schemas = Object.entries((document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>);
  // The codes have a table of their own.
  return schemas
    .filter(([, schema]) => schema.enum === undefined)
    .map(
      ([name, schema]) =>
        html`<section id="${name}">
          <h3>${name}</h3>
          ${block(schemaText(schema))}
        </section>`,
    );
}

/** Problems point here: their `type` is `/docs#` + code. */
function errorTable(): Html {
  const rows = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const { status, title, retryable } = errorKind(code);
    return html`<tr id="${code}">
      <th><code>${code}</code></th>
      <td>${status}</td>
      <td>${title}.${retryable && " The same request may succeed later."}</td>
    </tr>`;
  });
  return html`<table>
    ${rows}
  </table>`;
}
