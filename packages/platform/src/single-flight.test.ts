import { describe, expect, it } from "vitest";
import { createSingleFlight } from "./single-flight.ts";

describe("single flight", () => {
  it("callers of one key share a run; the next caller after it starts another", async () => {
    const flight = createSingleFlight<number>();
    let runs = 0;
    const work = () => Promise.resolve(++runs);
    expect(await Promise.all([flight.run("a", work), flight.run("a", work), flight.run("b", work)])).toEqual([1, 1, 2]);
    expect(await flight.run("a", work)).toBe(3);
  });

  it("an error reaches every caller and is not kept", async () => {
    const flight = createSingleFlight<number>();
    const failing = () => Promise.reject(new Error("no"));
    const settled = await Promise.allSettled([flight.run("a", failing), flight.run("a", failing)]);
    expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await flight.run("a", () => Promise.resolve(1))).toBe(1);
  });

  it("work that throws at once is an error like any other", async () => {
    const flight = createSingleFlight<number>();
    await expect(
      flight.run("a", () => {
        throw new Error("at once");
      }),
    ).rejects.toThrow("at once");
    expect(await flight.run("a", () => Promise.resolve(1))).toBe(1);
  });

  it("a caller who aborts leaves alone", async () => {
    const flight = createSingleFlight<number>();
    const { promise, resolve } = Promise.withResolvers<number>();
    const controller = new AbortController();
    const leaving = flight.run("a", () => promise, controller.signal);
    const staying = flight.run("a", () => promise);
    controller.abort(new Error("gone"));
    await expect(leaving).rejects.toThrow("gone");
    resolve(1);
    expect(await staying).toBe(1);
    await expect(flight.run("a", () => Promise.resolve(2), controller.signal)).rejects.toThrow("gone");
  });
});
