/** A JSON schema as a short text that people can read: much like a TypeScript type, with bounds behind it. */

/** The part of JSON Schema that the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

export function schemaText(schema: Schema, indent = ""): string {
  if (schema.$ref) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  if (schema.anyOf) return schema.anyOf.map((option) => schemaText(option, indent)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.items)
    return `${listed(schemaText(schema.items, indent))}${bounds(undefined, schema.maxItems, " entries")}`;
  if (schema.properties) return fieldsText(schema.properties, new Set(schema.required), indent);
  return leafText(schema);
}

function fieldsText(
  properties: Readonly<Record<string, Schema>>,
  required: ReadonlySet<string>,
  indent: string,
): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(
    ([name, field]) => `${inner}${name}${required.has(name) ? "" : "?"}: ${schemaText(field, inner)}`,
  );
  return `{\n${lines.join("\n")}\n${indent}}`;
}

function leafText(schema: Schema): string {
  const type = typeof schema.type === "string" ? schema.type : (schema.type ?? ["any"]).join(" | ");
  const named = schema.format ? `${type} (${schema.format})` : type;
  return named + bounds(schema.minimum, schema.maximum, "") + bounds(undefined, schema.maxLength, " characters");
}

function bounds(low: number | undefined, high: number | undefined, unit: string): string {
  if (low === undefined && high === undefined) return "";
  return ` [${low ?? ""}…${high === undefined ? "" : high + unit}]`;
}

function listed(item: string): string {
  return item.includes(" | ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
}
