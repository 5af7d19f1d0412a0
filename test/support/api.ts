/** Requests to the product's HTTP interface as tests make them: any body, any header, the answer as it came. */

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export type Fetch = (request: Request) => Promise<Response>;

export interface Api {
  <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>>;
}

/** `body` is sent as JSON, unless it is a string or bytes, which go as they are. */
export function createApi({
  url = "http://nexus.test",
  key,
  fetch,
}: {
  url?: string;
  key: string;
  fetch?: Fetch;
}): Api {
  const send: Fetch = fetch ?? ((request) => globalThis.fetch(request));
  return async <T>(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const raw = typeof body === "string" || body instanceof Uint8Array;
    const response = await send(
      new Request(url + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    const json = /\bjson\b/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, body: (json ? JSON.parse(text) : text) as T, headers: response.headers };
  };
}

export interface RememberAnswer {
  readonly results: readonly {
    readonly id: string;
    readonly event: string;
    readonly error: { readonly code: string } | null;
  }[];
  readonly consistency: string | null;
  readonly projected: boolean;
}

export interface MemoryAnswer {
  readonly id: string;
  readonly content: string;
  readonly version: number;
  readonly userId: string | null;
  readonly metadata: Record<string, unknown>;
  readonly indexed: { readonly chunks: number; readonly pending: number };
}

export interface SearchAnswer {
  readonly results: readonly {
    readonly id: string;
    readonly memory: string;
    readonly score: number;
    readonly spans: readonly { start: number; end: number; term: string }[];
  }[];
  readonly confidence: number;
  readonly path: string;
  readonly cache: { readonly tier: string | null; readonly seq: number | null };
  readonly skipped: readonly unknown[];
}

export interface ListAnswer {
  readonly items: readonly MemoryAnswer[];
  readonly nextCursor: string | null;
}

export interface JobAnswer {
  readonly id: string;
  readonly status: string;
  readonly result: Record<string, unknown> | null;
  readonly error: { readonly code: string } | null;
}

/** Polls a job until it ends. */
export async function jobEnds(api: Api, id: string, attempts = 500): Promise<JobAnswer> {
  for (let i = 0; i < attempts; i++) {
    const { body } = await api<JobAnswer>("GET", `/api/jobs/${id}`);
    if (body.status === "done" || body.status === "failed") return body;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`job ${id} did not end`);
}

/** Every memory that a list holds, over all its pages. */
export async function listAll(api: Api, request: Record<string, unknown> = {}): Promise<MemoryAnswer[]> {
  const items: MemoryAnswer[] = [];
  let cursor: string | null = null;
  do {
    const { body }: Answer<ListAnswer> = await api<ListAnswer>("POST", "/api/memories/query", {
      ...request,
      limit: 200,
      cursor,
    });
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return items;
}
