/** Everyone in the index bench; ours comes first. */

import { rivals } from "../../rivals/rival.ts";
import { type Contender, contenderOf } from "./contender.ts";
import { ours } from "./ours.ts";

export const contenders: readonly Contender[] = [ours, ...rivals.map(contenderOf)];
