/** Notes in which encoding an answer may be sent, if the caller takes one; `answer` compresses, since it has the text at hand. */

import { acceptedEncoding, type Encoding } from "../accepted-encoding.ts";
import type { AppHandler } from "../dependencies.ts";

export interface Compression {
  readonly encoding: Encoding;
  /** Answers of this size or less are sent as they are. */
  readonly minBytes: number;
}

export function compression(minBytes: number): AppHandler {
  return (c, next) => {
    const header = c.req.header("accept-encoding");
    const encoding = header === undefined || c.req.method === "HEAD" ? undefined : acceptedEncoding(header);
    if (encoding !== undefined) c.set("compression", { encoding, minBytes });
    return next();
  };
}
