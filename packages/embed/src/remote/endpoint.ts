/** Where a remote model answers: the address that the operator gave, checked and made whole. */

import { NexusError } from "@nexus/core";

/** What the server speaks: OpenAI's `/v1/embeddings` or Ollama's `/api/embed`. */
export type RemoteKind = "openai" | "ollama";

export interface Endpoint {
  readonly url: string;
  readonly kind: RemoteKind;
  /** Scheme, host and port: what messages may say, for a path or query could hold a secret. */
  readonly name: string;
}

const OLLAMA_PORT = "11434";
/** What the address of a server, or of its API, lacks. */
const PATHS: Readonly<Record<RemoteKind, string>> = { openai: "/v1/embeddings", ollama: "/api/embed" };

/** `http://127.0.0.1:11434`, `https://host/v1` and the whole address of the route are all taken. throws config.invalid */
export function endpointOf(
  text: string,
  { kind, allowHttp }: { readonly kind?: RemoteKind | undefined; readonly allowHttp?: boolean | undefined },
): Endpoint {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw invalid("is no http or https address, such as http://127.0.0.1:11434");
  }
  if (url.username !== "" || url.password !== "") throw invalid("holds a user name or password; give the key apart");
  if (url.protocol === "http:" && allowHttp !== true && !isLoopback(url.hostname)) {
    throw invalid("sends texts and key over http to another machine; use https, or allow http explicitly");
  }
  url.hash = "";
  const spoken = kind ?? kindOf(url);
  url.pathname = pathOf(url.pathname.replace(/\/+$/, ""), PATHS[spoken]);
  return { url: url.href, kind: spoken, name: url.origin };
}

/** `/v1` and `/openai/v2` are the API's path, `/api` is; what ends in the route's name is whole. */
function pathOf(path: string, whole: string): string {
  const [, api = "", route = ""] = whole.split("/");
  if (path.endsWith(`/${route}`)) return path;
  return path === "" || (api === "api" && !path.endsWith("/api")) ? path + whole : `${path}/${route}`;
}

function kindOf(url: URL): RemoteKind {
  if (/\/api(\/embed)?\/?$/.test(url.pathname)) return "ollama";
  return url.port === OLLAMA_PORT && url.pathname === "/" ? "ollama" : "openai";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function invalid(what: string): NexusError {
  const problems = [{ path: "NEXUS_EMBED_URL", message: what }];
  return new NexusError("config.invalid", `[nexus/embed:remote] NEXUS_EMBED_URL ${what}`, { problems });
}
