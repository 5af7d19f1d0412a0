/** One operation on the page. */

import { curl } from "./curl.ts";
import { html, type Html, prose } from "./html.ts";
import type { Body, DocumentedOperation, Parameter } from "./outline.ts";
import { schemaText } from "./schema-text.ts";

export function section(operation: DocumentedOperation): Html {
  const { id, method, path, summary, description, parameters, body, answers } = operation;
  const good = answers.filter(({ status }) => status < "400");
  const bad = answers.filter(({ status }) => status >= "400");
  return html`<section id="${id}">
    <h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></h3>
    <p><strong>${summary}.</strong> ${prose(description)}</p>
    ${parameterTable(parameters)}
    ${
      body &&
      html`<h4>Body</h4>
        ${schemaBlock(body)}`
    }
    <h4>Try it</h4>
    ${commands(operation, body)}
    ${good.map(
      (answer) =>
        html`<h4>${answer.status}</h4>
          <p>${prose(answer.description)}</p>
          ${answer.body && schemaBlock(answer.body)} ${answer.body && exampleBlocks(answer.body)}`,
    )}
    <h4>Errors</h4>
    <table>
      ${bad.map(
        (answer) =>
          html`<tr>
            <th>${answer.status}</th>
            <td>${prose(answer.description)}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function parameterTable(parameters: readonly Parameter[]): Html | undefined {
  if (parameters.length === 0) return undefined;
  return html`<h4>Parameters</h4>
    <table>
      ${parameters.map(
        (parameter) =>
          html`<tr>
            <th><code>${parameter.name}</code></th>
            <td>${parameter.in}</td>
            <td>
              <code>${schemaText(parameter.schema)}</code>${parameter.required ? " required" : ""}
              ${prose(parameter.description ?? "")}
            </td>
          </tr>`,
      )}
    </table>`;
}

function commands(operation: DocumentedOperation, body: Body | undefined): Html {
  const examples = body?.examples ?? [];
  if (examples.length === 0) return block(curl(operation, undefined));
  return html`${examples.map(([, value]) => block(curl(operation, value, body?.type)))}`;
}

function schemaBlock(body: Body): Html {
  if (body.schema === undefined || body.type.startsWith("text/")) return html`<p><code>${body.type}</code></p>`;
  const options = body.schema.anyOf;
  const text = options ? options.map((option) => schemaText(option)).join("\n| ") : schemaText(body.schema);
  return block(text);
}

function exampleBlocks(body: Body): Html {
  return html`${body.examples.map(
    ([, value]) =>
      html`<details>
        <summary>Example</summary>
        ${block(JSON.stringify(value, null, 2))}
      </details>`,
  )}`;
}

export function block(text: string): Html {
  return html`<pre><code>${text}</code></pre>`;
}
