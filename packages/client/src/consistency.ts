/** Remembers the latest consistency token of each user, so that reads see the writes that came before them. */

/** Users whose tokens are kept; the longest unused goes first. */
const MOST_USERS = 10_000;

type UserId = string | null | undefined;

export interface Tokens {
  /** The token for a read of this user, or of the whole tenant. */
  of(userId: UserId): string | undefined;
  /** Keeps the token of an answered write. `userIds` are the users that it wrote to, as far as they are known. */
  keep(token: string | null, userIds: readonly UserId[]): void;
  /** Drops a token that the server no longer takes. */
  drop(token: string): void;
}

export function createTokens(): Tokens {
  const byUser = new Map<string, string>();
  let latest: string | undefined;
  return {
    of: (userId) => (typeof userId === "string" ? byUser.get(userId) : latest),
    keep(token, userIds) {
      if (token === null) return;
      latest = token;
      for (const userId of userIds) {
        if (typeof userId !== "string") continue;
        byUser.delete(userId);
        byUser.set(userId, token);
      }
      for (const userId of byUser.keys()) {
        if (byUser.size <= MOST_USERS) break;
        byUser.delete(userId);
      }
    },
    drop(token) {
      if (latest === token) latest = undefined;
      for (const [userId, kept] of byUser) if (kept === token) byUser.delete(userId);
    },
  };
}

/** Keeps nothing: for callers who handle tokens themselves. */
export const noTokens: Tokens = { of: () => undefined, keep() {}, drop() {} };
