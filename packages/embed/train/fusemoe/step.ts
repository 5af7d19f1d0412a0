/** One step of training: forwards, the loss, and backwards to the gradient of every parameter. */

import type { Matrices } from "@nexus/kernels";

import { type Route, routeOf } from "../../src/fusemoe/route.ts";
import { ACTIVE_EXPERTS } from "../../src/fusemoe/shape.ts";
import { contrastiveLoss, type ContrastiveOptions } from "./contrastive.ts";
import { createExpertPass } from "./expert-pass.ts";
import { createGatePass } from "./gate-pass.ts";
import type { Parameters } from "./parameters.ts";
import type { TrainingRow } from "./rows.ts";

export interface StepOptions {
  readonly loss: Omit<ContrastiveOptions, "prefixes">;
  /** Weight of the load-balance loss: details.md §9 has .01. */
  readonly balance: number;
  /** Standard deviation of what is added to the scores; 0 adds nothing. */
  readonly noise: number;
  /** Rows that an expert takes, over their even share; the later rows go without it. */
  readonly capacityFactor: number;
  /** Unit normal numbers, for the noise. */
  readonly normal: () => number;
}

export interface StepResult {
  /** Contrastive and balance, weighted and added. */
  readonly loss: number;
  readonly contrastive: number;
  /** N·Σ f·P̄: 1 when experts are chosen evenly. */
  readonly balance: number;
  /** Assignments that found their expert full. */
  readonly dropped: number;
}

export interface Trainee {
  /** Rows 2i and 2i + 1 are a pair. Adds to the gradients. */
  step(rows: readonly TrainingRow[], options: StepOptions): StepResult;
}

export function createTrainee(matrices: Matrices, parameters: Parameters, mostRows: number): Trainee {
  const { shape } = parameters;
  const { experts: N, output: O } = shape;
  const gate = createGatePass(matrices, parameters, mostRows);
  const passes = parameters.experts.map((expert) => createExpertPass(matrices, { shape, expert }, mostRows));

  return {
    step(rows, options) {
      const scores = gate.forward(rows);
      if (options.noise > 0) for (let i = 0; i < scores.length; i++) scores[i]! += options.noise * options.normal();
      const routes = rows.map((_, r) => routeOf(scores.subarray(r * N, (r + 1) * N), shape.temperature));
      const most = Math.ceil((options.capacityFactor * rows.length * ACTIVE_EXPERTS) / N);
      const { takers, dropped } = assign(routes, N, most);

      const outputs = passes.map((pass, e) =>
        takers[e]!.length === 0 ? new Float32Array() : pass.forward(takers[e]!.map(({ row }) => rows[row]!)),
      );
      // Sides interleave by row: a at even, b at odd rows.
      const mixed = { a: new Float32Array((rows.length / 2) * O), b: new Float32Array((rows.length / 2) * O) };
      for (const [e, own] of takers.entries()) {
        for (const [i, { row, slot }] of own.entries()) {
          const to = sideOf(mixed, row, O);
          const weight = routes[row]!.weights[slot]!;
          for (let o = 0; o < O; o++) to[o]! += weight * outputs[e]![i * O + o]!;
        }
      }
      const { loss: contrastive, slopes } = contrastiveLoss(matrices, mixed, {
        ...options.loss,
        prefixes: shape.prefixes,
      });

      const weightSlopes = rows.map(() => [0, 0]);
      for (const [e, own] of takers.entries()) {
        if (own.length === 0) continue;
        const back = new Float32Array(own.length * O);
        for (const [i, { row, slot }] of own.entries()) {
          const slope = sideOf(slopes, row, O);
          const weight = routes[row]!.weights[slot]!;
          let sum = 0;
          for (let o = 0; o < O; o++) {
            sum += slope[o]! * outputs[e]![i * O + o]!;
            back[i * O + o] = weight * slope[o]!;
          }
          weightSlopes[row]![slot] = sum;
        }
        passes[e]!.backward(back);
      }
      const { value, shares } = balanceOf(routes, N);
      const scoreSlopes = new Float64Array(scores.length);
      for (const [r, route] of routes.entries()) {
        const to = scoreSlopes.subarray(r * N, (r + 1) * N);
        addRouteSlopes(to, route, weightSlopes[r]!);
        addBalanceSlopes(to, route, shares, (options.balance * N) / rows.length);
        for (let e = 0; e < N; e++) to[e]! /= shape.temperature;
      }
      gate.backward(scoreSlopes);
      return { loss: contrastive + options.balance * value, contrastive, balance: value, dropped };
    },
  };
}

interface Taker {
  readonly row: number;
  /** 0: its first choice. */
  readonly slot: number;
}

/** Who goes to which expert: first choices before second ones, earlier rows before later ones. */
function assign(routes: readonly Route[], experts: number, most: number): { takers: Taker[][]; dropped: number } {
  const takers: Taker[][] = Array.from({ length: experts }, () => []);
  const served = routes.map(() => 0);
  let dropped = 0;
  for (let slot = 0; slot < ACTIVE_EXPERTS; slot++) {
    for (const [row, { selected, weights }] of routes.entries()) {
      if (weights[slot] === 0) continue;
      const own = takers[selected[slot]!]!;
      // A row that nobody served yet is taken in the last round all the same: it would have no vector.
      const last = slot === ACTIVE_EXPERTS - 1 && served[row] === 0;
      if (own.length >= most && !last) {
        dropped++;
        continue;
      }
      own.push({ row, slot });
      served[row]!++;
    }
  }
  return { takers, dropped };
}

function sideOf(
  { a, b }: { readonly a: Float32Array; readonly b: Float32Array },
  row: number,
  width: number,
): Float32Array {
  const at = (row >> 1) * width;
  return (row % 2 === 0 ? a : b).subarray(at, at + width);
}

/** N·Σ f·P̄, f being the share of assignments and P̄ the mean share of the gate. */
function balanceOf(routes: readonly Route[], experts: number): { value: number; shares: Float64Array } {
  const shares = new Float64Array(experts);
  const means = new Float64Array(experts);
  for (const route of routes) {
    for (const expert of route.selected) shares[expert]! += 1 / (routes.length * ACTIVE_EXPERTS);
    for (let e = 0; e < experts; e++) means[e]! += route.shares[e]! / routes.length;
  }
  return { value: experts * shares.reduce((sum, share, e) => sum + share * means[e]!, 0), shares };
}

/** The weights of the two are σ(ℓ_a − ℓ_b) and the rest: one moves as the other moves back. */
function addRouteSlopes(to: Float64Array, { selected, weights }: Route, slopes: readonly number[]): void {
  const [first, second] = selected as [number, number];
  const slope = weights[0]! * weights[1]! * (slopes[0]! - slopes[1]!);
  to[first]! += slope;
  to[second]! -= slope;
}

/** f is counted and has no slope; P̄ has the softmax's. */
function addBalanceSlopes(to: Float64Array, { shares }: Route, assigned: Float64Array, scale: number): void {
  const mean = shares.reduce((sum, share, e) => sum + share * assigned[e]!, 0);
  for (let e = 0; e < to.length; e++) to[e]! += scale * shares[e]! * (assigned[e]! - mean);
}
