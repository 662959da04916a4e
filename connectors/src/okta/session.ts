import type { OutgoingRequest } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { grantAdvice, type Scope, scopes } from './scopes.ts';
import { ScopesRefused, type Token, type TokenSource } from './token.ts';

/** A client's standing with Okta: its token, what it is allowed, and proofs where Okta wants them. */
export interface Session {
  /** Signs one request. */
  authorize(request: OutgoingRequest): Promise<void>;
  /** Which token, counted from 1, the next request will carry. */
  generation(): Promise<number>;
  /** Forgets the token of that generation, so that the next request asks for a new one; one that is newer stays. */
  renew(generation: number): void;
  /** Takes note of a nonce for the next proofs; true when it is another one. */
  learn(headers: Headers): boolean;
  /** A Fault that names the scopes that are not granted. */
  require(...needed: readonly Scope[]): Promise<void>;
  has(scope: Scope): Promise<boolean>;
  missing(): Promise<readonly Scope[]>;
}

export const createSession = (source: TokenSource, ourNow: () => Date): Session => {
  let token: Promise<Token> | null = null;
  let granted: readonly string[] | null = null;
  let nonce: string | null = null;
  let generation = 0;

  const obtain = async (): Promise<Token> => {
    try {
      const fresh = await source.ask(granted ?? scopes);
      // Okta may hand out less than it was asked for without a word.
      granted = fresh.scopes;
      return fresh;
    } catch (error) {
      if (!(error instanceof ScopesRefused)) throw error;
    }
    granted = await findGranted(source);
    if (granted.length === 0) throw new Fault('forbidden', grantAdvice(scopes));
    return source.ask(granted);
  };

  /** One request for a token at a time, whoever needs it. */
  const current = async (): Promise<Token> => {
    const before = token;
    if (before !== null) {
      const held = await before;
      if (held.expiresAt - ourNow().getTime() > 120_000) return held;
      if (token !== null && token !== before) return token;
    }
    const asked = obtain();
    generation++;
    token = asked;
    asked.catch(() => {
      if (token === asked) token = null;
    });
    return asked;
  };

  const missing = async () => {
    await current();
    return scopes.filter((scope) => granted?.includes(scope) !== true);
  };

  return {
    async authorize({ method, url, headers }) {
      const { value, prover } = await current();
      if (prover === null) return headers.set('authorization', `Bearer ${value.reveal()}`);
      headers.set('authorization', `DPoP ${value.reveal()}`);
      headers.set('dpop', await prover.proof({ method, url, nonce, token: value.reveal(), at: source.now() }));
    },
    generation: async () => {
      await current();
      return generation;
    },
    renew: (old) => {
      if (old === generation) token = null;
    },
    learn: (headers) => {
      const told = headers.get('dpop-nonce');
      if (told === null || told === nonce) return false;
      nonce = told;
      return true;
    },
    async require(...needed) {
      const lacking = (await missing()).filter((scope) => needed.includes(scope));
      if (lacking.length > 0) throw new Fault('forbidden', grantAdvice(lacking));
    },
    has: async (scope) => !(await missing()).includes(scope),
    missing,
  };
};

/** Which scopes are granted, one by one: Okta refuses all of them when one is missing, and does not say which. */
const findGranted = async (source: TokenSource): Promise<readonly string[]> => {
  const granted: string[] = [];
  for (const scope of scopes) {
    try {
      await source.ask([scope]);
      granted.push(scope);
    } catch (error) {
      if (!(error instanceof ScopesRefused)) throw error;
    }
  }
  return granted;
};
