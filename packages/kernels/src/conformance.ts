/** What kernels must satisfy against the scalar oracle, as plain functions: the same body runs in Vitest and in workerd. */

import { ALIGNMENT } from "./conformance/alignment.ts";
import type { Properties } from "./conformance/cases.ts";
import { CODES } from "./conformance/codes.ts";
import { DOT } from "./conformance/dot.ts";
import { ROTATION } from "./conformance/rotation.ts";
import { ROWS } from "./conformance/rows.ts";
import { TOP } from "./conformance/top.ts";
import { VECTORS } from "./conformance/vectors.ts";

export const CONFORMANCE: Properties = { ...DOT, ...VECTORS, ...CODES, ...ROTATION, ...ROWS, ...TOP, ...ALIGNMENT };
