/** Query strings and bodies of routes that read none: what is in one would be ignored. */

import { z } from "zod";
import { validate } from "./validate.ts";

const nothing = z.strictObject({});

/** throws  `body.unknown_field`, naming each field; `body.invalid` for what is no object */
export function parseNothing(input: unknown): void {
  validate(nothing, input);
}
