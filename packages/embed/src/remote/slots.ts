/** So many at once and the others in line, each of which may leave it. */

interface Slots {
  /** What the work gives, once there is room for it. throws what the work throws, and the signal's reason while in line */
  use<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const line = new Set<() => void>();

  return {
    async use(work, signal) {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else await turn(line, signal);
      try {
        return await work();
      } finally {
        const [next] = line;
        // The slot passes on without being free in between, so nobody overtakes the line.
        if (next) next();
        else free += 1;
      }
    },
  };
}

function turn(line: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      line.delete(enter);
      reject(signal.reason as Error);
    };
    const enter = () => {
      line.delete(enter);
      signal.removeEventListener("abort", leave);
      resolve();
    };
    line.add(enter);
    signal.addEventListener("abort", leave, { once: true });
  });
}
