import { type Clock, Fault } from '@gatehouse/kernel';
import type { Token, Tokens } from '../tokens.ts';

/** `Tokens` that lives as long as the process: what the suite gives to plugins, and what a test of settings needs. */
export const createMemoryTokens = (clock: Clock): Tokens => {
  const known = new Map<string, Promise<Token>>();

  const current = (identity: string, logIn: () => Promise<Token>): Promise<Token> => {
    const asked = known.get(identity) ?? logIn();
    known.set(identity, asked);
    // What failed is tried by the next one who asks.
    asked.catch(() => drop(identity, asked));
    return asked;
  };
  const drop = (identity: string, token: Promise<Token>): void => {
    if (known.get(identity) === token) known.delete(identity);
  };
  const isOver = ({ expiresAt }: Token): boolean => expiresAt !== null && expiresAt <= clock.now();

  return {
    async using(identity, logIn, use) {
      for (let isFirst = true; ; isFirst = false) {
        let asked = current(identity, logIn);
        let token = await asked;
        if (isOver(token)) {
          drop(identity, asked);
          asked = current(identity, logIn);
          token = await asked;
        }
        try {
          return await use(token.value);
        } catch (error) {
          if (!(error instanceof Fault) || error.kind !== 'unauthorized') throw error;
          // Only the one that was refused: somebody else may have logged in meanwhile.
          drop(identity, asked);
          if (!isFirst) throw error;
        }
      }
    },
    forget: async (identity) => void known.delete(identity),
  };
};
