/** A text and what it is about, by label. */

import type { DomainClass } from "../src/domain-classes.ts";

export interface Example {
  readonly text: string;
  readonly domain: DomainClass;
}
