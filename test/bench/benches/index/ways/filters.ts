/** Search among 1 %, 10 % and 50 % of the rows, chosen at random: recall against the exact nearest of those rows. */

import { seeded } from "../../../../support/random.ts";
import { cachedNumbers, fingerprint } from "../../../datasets/cache.ts";
import { type Dataset, vectorOf } from "../../../datasets/dataset.ts";
import { bruteForce } from "../../../datasets/truth.ts";
import type { Row } from "../../../harness/bench.ts";
import { interleaved } from "../../../harness/measure.ts";
import { rowsOf } from "../ours.ts";
import { K, p99, search, speed, type Subject, type Way } from "./subject.ts";

const SHARES = [0.01, 0.1, 0.5];
const QUESTIONS = 100;

export async function filters(subject: Subject): Promise<Row[]> {
  const { dataset, context } = subject;
  const rows: Row[] = [];
  for (const share of SHARES) {
    const filter = bitmap(dataset.count, share);
    const truth = await filteredTruth(dataset, filter, share);
    const ways: readonly Way[] = [{ filter }, { filter, plan: "exact" }, { filter, plan: "graph" }];
    const samples = await interleaved(
      ways.map((way) => ({ name: way.plan ?? "auto", run: search(subject, way) })),
      { warmUp: 5, rounds: context.size(300, 10) },
    );
    for (const [i, way] of ways.entries()) {
      const { recall, plan } = quality(subject, way, truth);
      const about = {
        bench: "index-ways",
        case: `${dataset.name}; filter of ${share * 100} %, plan ${way.plan ?? `auto (${plan})`}`,
      };
      rows.push({ ...about, ...speed(samples[i]!), recallAt10: recall }, { ...about, ...p99(samples[i]!) });
    }
  }
  return rows;
}

/** One bit for each row. */
function bitmap(count: number, share: number): Uint32Array {
  const random = seeded(Math.round(share * 1_000));
  const bits = new Uint32Array(Math.ceil(count / 32));
  for (let row = 0; row < count; row++) if (random() < share) bits[row >> 5]! |= 1 << (row & 31);
  return bits;
}

async function filteredTruth(
  { rows, queries, count, kind }: Dataset,
  filter: Uint32Array,
  share: number,
): Promise<Float64Array> {
  const { dimension } = queries;
  const asked = { vectors: queries.vectors.subarray(0, QUESTIONS * dimension), dimension };
  return await cachedNumbers(`${kind}-${count}x${dimension}-filter-${share}.truth`, {
    of: fingerprint(rows.vectors, asked.vectors),
    make: () => bruteForce({ rows, queries: asked, k: K }, (row) => ((filter[row >> 5]! >>> (row & 31)) & 1) === 1),
  });
}

function quality({ segment, dataset }: Subject, way: Way, truth: Float64Array): { recall: number; plan: string } {
  const questions = Math.min(QUESTIONS, dataset.questions);
  let hits = 0;
  let plan = "";
  for (let q = 0; q < questions; q++) {
    const found = segment.search(vectorOf(dataset.queries, q), { ...way, k: K });
    const ids = new Set(Array.from({ length: K }, (_, i) => truth[(q * K + i) * 2]));
    for (const row of rowsOf(found)) hits += Number(ids.has(row));
    plan = found.plan;
  }
  return { recall: hits / (questions * K), plan };
}
