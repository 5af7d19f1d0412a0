/** Time, chance and identity are injected everywhere, so that tests own them. */

export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  now(): number;
  /** Milliseconds from a fixed but arbitrary moment; only differences mean something. */
  monotonic(): number;
}

export interface Random {
  /** Fills and returns the array with random bytes fit for secrets. */
  bytes(target: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
}

export interface Ids {
  /** A new UUIDv7, lower case. */
  next(): string;
}

/** The platform's own clock: `Date.now` and `performance.now`. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** The platform's cryptographic generator. */
export const systemRandom: Random = {
  bytes: (target) => crypto.getRandomValues(target),
};
