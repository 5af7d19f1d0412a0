/** The index's thread: links rows and scans segments of the main thread's memory. Work is cut into short pieces, so that scans come between. */

import { parentPort } from "node:worker_threads";
import { orderForLinking, repairInSteps } from "./graph-work.ts";
import { ALL, BITS, instantiate, type SegmentInstance } from "./instance.ts";
import type { SegmentPlace, ThreadAnswer, ThreadRequest } from "./thread-protocol.ts";

/** Rows linked before messages are looked at: some milliseconds. */
const ROWS_AT_ONCE = 16;

const port = parentPort!;
const instances = new Map<number, SegmentInstance>();
const stopped = new Set<number>();

port.on("message", (request: ThreadRequest) => {
  if (request.kind === "stop") stopped.add(request.segment);
  else if (request.kind === "forget") {
    instances.delete(request.segment);
    stopped.delete(request.segment);
  } else void answer(request);
});

async function answer(request: Exclude<ThreadRequest, { kind: "stop" | "forget" }>): Promise<void> {
  let reply: ThreadAnswer;
  try {
    if (request.kind === "link") reply = await link(request);
    else if (request.kind === "repair") reply = await repair(request);
    else if (request.kind === "encode") reply = encode(request);
    else reply = scan(request);
  } catch (error) {
    reply = { kind: "failed", id: request.id, message: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(reply);
}

async function link({
  id,
  place,
  rows,
  efConstruction,
}: Extract<ThreadRequest, { kind: "link" }>): Promise<ThreadAnswer> {
  let wasm = attached(place);
  const ordered = orderForLinking(wasm, rows);
  let linked = 0;
  while (linked < ordered.length && !stopped.has(place.number)) {
    for (const end = Math.min(linked + ROWS_AT_ONCE, ordered.length); linked < end; linked++) {
      wasm.linkRow(ordered[linked]!, efConstruction);
    }
    await messages();
    // A scan in between used another scratch.
    wasm = attached(place);
  }
  return { kind: "linked", id, rows: ordered.slice(0, linked) };
}

async function repair({ id, place, rows }: Extract<ThreadRequest, { kind: "repair" }>): Promise<ThreadAnswer> {
  for (const step of repairInSteps(rows)) {
    if (stopped.has(place.number)) return { kind: "repaired", id, whole: false };
    step(attached(place));
    await messages();
  }
  return { kind: "repaired", id, whole: true };
}

function encode({ id, place, from, to }: Extract<ThreadRequest, { kind: "encode" }>): ThreadAnswer {
  attached(place).encodeRows(from, to);
  return { kind: "encoded", id };
}

function scan({
  id,
  place,
  query,
  queryAt,
  codeBytes,
  foundRowsAt,
  foundScoresAt,
  bitsAt,
  k,
  candidates,
}: Extract<ThreadRequest, { kind: "scan" }>): ThreadAnswer {
  const wasm = attached(place);
  const { buffer } = place.memory;
  new Float32Array(buffer, queryAt, query.length).set(query);
  wasm.resetCounters();
  wasm.prepareQuery(codeBytes);
  if (bitsAt !== undefined) wasm.useBitmap(bitsAt);
  wasm.scanCodes(candidates, codeBytes, bitsAt === undefined ? ALL : BITS);
  const count = wasm.rescore(k, candidates, 1);
  return {
    kind: "scanned",
    id,
    // Copies: the next scan writes over what is shared.
    rows: new Uint32Array(buffer, foundRowsAt, count).slice(),
    scores: new Float32Array(buffer, foundScoresAt, count).slice(),
    distances: wasm.countedDistances(),
  };
}

function attached({ number, module, memory, segmentAt, scratchAt }: SegmentPlace): SegmentInstance {
  let wasm = instances.get(number);
  if (!wasm) instances.set(number, (wasm = instantiate(module, memory, () => false)));
  wasm.attach(segmentAt, scratchAt);
  return wasm;
}

/** Lets messages that wait be handled. */
function messages(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
