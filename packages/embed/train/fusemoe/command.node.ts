/** `npm run train -- fusemoe`: trains the fusion of two members and keeps it if it is better than both. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { MEMBER_IDS, type MemberId, openMember } from "./members.node.ts";
import { trainFusion } from "./run.node.ts";
import { TRAINING } from "./trainer.ts";

const HELP = `npm run train -- fusemoe                       fuses E0 and E1, and writes packages/embed/model/fusemoe-e0-e1.bin
                                               if the fusion finds more than either of them
npm run train -- fusemoe --members e0,hashing  other members: ${MEMBER_IDS.join(", ")}
npm run train -- fusemoe --data folder         where train/pairs-*.jsonl.gz are (../shared/data)
npm run train -- fusemoe --e0 file             E0's model (packages/embed/model/e0.bin)
npm run train -- fusemoe --teacher folder      all-MiniLM-L6-v2, E1 (../shared/models/all-MiniLM-L6-v2)
npm run train -- fusemoe --steps 600 --seed 42 the same seed and vectors give the same bytes
npm run train -- fusemoe --out file            writes there, better or not
npm run train -- fusemoe --quick               a tenth of the pairs and steps: does it run`;

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** One pair in 16 of the training data: E1 costs milliseconds a text. */
const EVERY = 16;
const MOST_PAIRS = 59_000;
/** Pairs that nothing is trained on. */
const HELD_OUT = 4_000;
/** Runs the target; returns the exit code, 2 for a wrong command line. */
export async function runFusemoe(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      members: { type: "string", default: "e0,e1" },
      data: { type: "string", default: "../shared/data" },
      e0: { type: "string", default: "packages/embed/model/e0.bin" },
      teacher: { type: "string", default: "../shared/models/all-MiniLM-L6-v2" },
      steps: { type: "string", default: String(TRAINING.steps) },
      seed: { type: "string", default: String(TRAINING.seed) },
      out: { type: "string" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  const ids = values.members.split(",");
  const [steps, seed] = [Number(values.steps), Number(values.seed)];
  const known = ids.every((id): id is MemberId => MEMBER_IDS.includes(id as MemberId));
  if (values.help || !known || ids.length < 2 || !Number.isInteger(steps) || steps < 1 || !Number.isInteger(seed)) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const progress = reporter();
  const cache = join(ROOT, ".build/fusemoe");
  const sources = { e0: join(ROOT, values.e0), e1: join(ROOT, values.teacher), cache, progress };
  const members = ids.map((id) => openMember(id, sources));
  const share = values.quick ? 10 : 1;
  await trainFusion({
    members,
    folder: join(ROOT, values.data, "train"),
    pairs: { every: EVERY * share, most: Math.floor(MOST_PAIRS / share), heldOut: HELD_OUT / share },
    steps: Math.ceil(steps / share),
    seed,
    cache,
    out: values.out ?? (values.quick ? undefined : join(ROOT, `packages/embed/model/fusemoe-${ids.join("-")}.bin`)),
    always: values.out !== undefined,
    progress,
  });
  return 0;
}

/** Prints what it is told with the seconds since it was made. */
function reporter(): (text: string) => void {
  const started = performance.now();
  return (text) => console.log(`[${((performance.now() - started) / 1_000).toFixed(1)} s] ${text}`);
}
