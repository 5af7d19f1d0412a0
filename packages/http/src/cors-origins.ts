/** Reads `NEXUS_CORS_ORIGINS`: the origins whose pages may call with user tokens. */

import { NexusError, type Problem } from "@nexus/core";

export interface CorsOrigin {
  /** As browsers send it: `https://app.example.com`. */
  readonly origin: string;
  /** The tenant whose tokens it may use; any, if absent. */
  readonly tenant?: string | undefined;
}

const FORM = /^(?:([A-Za-z0-9.-][A-Za-z0-9._-]*)=)?([a-z][a-z0-9+.-]*:\/\/[^\s/?#@,=]+)$/;

/**
 * `https://app.example.com` for every tenant, `acme=https://acme.example` for one; separated by commas.
 *
 * throws  `config.invalid` naming every problem by position
 */
export function parseCorsOrigins(text: string | undefined): CorsOrigin[] {
  const problems: Problem[] = [];
  const origins = (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .flatMap((part, i) => {
      const [, tenant, origin = ""] = FORM.exec(part) ?? [];
      if (isCanonical(origin)) return [{ origin, ...(tenant !== undefined && { tenant }) }];
      const message =
        "must be an origin such as https://app.example.com or tenant=https://app.example.com, without a path, in lower case; * is none";
      problems.push({ path: `NEXUS_CORS_ORIGINS.${i}`, message });
      return [];
    });
  if (problems.length === 0) return origins;
  const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
  throw new NexusError("config.invalid", `[nexus/http] ${list}`, { problems });
}

/** Browsers leave out default ports and write hosts in lower case; another spelling would never match. Apps in a shell have schemes of their own. */
function isCanonical(origin: string): boolean {
  if (!/^https?:/.test(origin)) return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin);
  return URL.parse(origin)?.origin === origin;
}
