/** `npm test`: everything that needs no account, then one line that says how it went. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const report = join(root, ".build", "test-report.json");

installRuntime();
mkdirSync(join(root, ".build"), { recursive: true });
rmSync(report, { force: true });
const { status } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--config",
    "test/vitest.config.ts",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
);
process.exit(summarise() && status === 0 ? 0 : 1);

/** workerd is only needed by the tests that run in it: without it (no network, unknown platform) they are skipped by name. */
function installRuntime(): void {
  const folder = join(root, "test", "runtime");
  const installed = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(folder, "package-lock.json")).mtimeMs)
    return;
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", folder], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) console.error("test/runtime could not be installed: the tests in workerd are skipped");
}

/** Prints the closing line; false when nothing ran. */
function summarise(): boolean {
  if (!existsSync(report)) {
    console.log("0 passed, 1 failed");
    return false;
  }
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
    readFileSync(report, "utf8"),
  ) as Record<string, number>;
  // A file that fails to load has no failed test, but it has failed.
  const failed = Math.max(numFailedTests ?? 0, numFailedTests === 0 ? (numFailedTestSuites ?? 0) : 0);
  console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
  return (numPassedTests ?? 0) > 0;
}
