/** One Vitest project: unit tests beside the source, and what crosses packages under test/. */

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["packages/**/*.test.ts", "functions/**/*.test.ts", "wasm/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", ".build/**"],
    // The embedded record engine keeps its process alive and its lock held: every file gets a process of its own.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
