/** The command line of `npm run train -- e0`. */

import { parseArgs } from "node:util";
import { trainE0 } from "./train-e0.node.ts";

const HELP = `npm run train -- e0                  trains the built-in embedding model and writes packages/embed/model
npm run train -- e0 --quick          a small part of the data, in 2 to 3 minutes, written to .build/train/e0/quick
npm run train -- e0 --data folder    where train/ is (../shared/data)
npm run train -- e0 --teacher folder all-MiniLM-L6-v2 in ONNX form, q8 (../shared/models/all-MiniLM-L6-v2)
npm run train -- e0 --out folder     writes the models, the loss curve and their checksums elsewhere

Vectors of the teacher and a checkpoint are kept in .build/train/e0: a run that was stopped goes on where it was.`;

/** Runs what the arguments say; 2 is the exit code of wrong ones. */
export async function runE0(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: "string", default: "../shared/data" },
      teacher: { type: "string", default: "../shared/models/all-MiniLM-L6-v2" },
      out: { type: "string" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length !== 1 || positionals[0] !== "e0") {
    console.error(`"${positionals.join(" ")}" is no target; there is "e0"\n\n${HELP}`);
    return 2;
  }
  await trainE0({
    data: fromRoot(values.data),
    teacher: fromRoot(values.teacher),
    out: values.out === undefined ? undefined : new URL(`${values.out}/`, `file://${process.cwd()}/`),
    quick: values.quick,
  });
  return 0;
}

function fromRoot(path: string): URL {
  return new URL(`${path}/`, new URL("../../../../", import.meta.url));
}
