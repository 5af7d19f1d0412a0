/** Lets a few pieces of work run at once; the others wait in the order they came. */

export function createGate(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // A place is handed on, so that nobody who comes now gets in before those who wait.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
