import type { Disk } from '@gatehouse/host/agent';
import type { Clock } from '@gatehouse/kernel';
import type { Token, Tokens } from '@gatehouse/vault-kit';
import { isUnauthorized } from '../foreign.ts';
import { clearedMark, openTokenFiles } from './token-files.ts';

export interface TokenCacheOptions {
  readonly disk: Disk;
  readonly home: string;
  /** The plugin whose tokens these are: two plugins never share one. */
  readonly plugin: string;
  /** Null: tokens live in memory only. */
  readonly key: Buffer | null;
  readonly clock: Clock;
  /** Something could not be written; tokens go on in memory. */
  say(sentence: string): void;
}

/** Tokens of a vault for each identity: used until they expire, over restarts where there is a key to keep them with. */
export const createTokenCache = (options: TokenCacheOptions): Tokens => {
  const { disk, home, plugin, key, clock, say } = options;
  const files = key === null ? null : openTokenFiles(disk, home, key);
  /** By identity: the token, or the one log-in that is under way for it. */
  const known = new Map<string, Promise<Token>>();
  /** Files that are going: what they hold was refused, and must not be read once more meanwhile. */
  const going = new Map<string, Promise<void>>();
  let mark: string | null = null;

  /** Drops everything where somebody has cleared the cache, from wherever. */
  const heedClearing = async (): Promise<string> => {
    const now = await clearedMark(disk, home);
    if (mark !== null && now !== mark) known.clear();
    mark = now;
    return now;
  };

  const obtain = async (identity: string, logIn: () => Promise<Token>, markBefore: string): Promise<Token> => {
    const name = `${plugin}\n${identity}`;
    await going.get(identity);
    const kept = await files?.read(name);
    if (kept && !isOver(kept)) return kept;
    const token = await logIn();
    // Cleared while it was fetched: whoever cleared wanted it gone, so it is used this once only.
    if (files !== null && (await clearedMark(disk, home)) === markBefore)
      await files.write(name, token).catch(() => say('A token cannot be written down; it is kept in memory.'));
    return token;
  };

  const current = (identity: string, logIn: () => Promise<Token>, markBefore: string): Promise<Token> => {
    const asked = known.get(identity) ?? obtain(identity, logIn, markBefore);
    known.set(identity, asked);
    // What failed is tried by the next one who asks.
    asked.catch(() => known.get(identity) === asked && known.delete(identity));
    return asked;
  };

  /** Only this one: somebody else may have logged in meanwhile. */
  const drop = async (identity: string, token: Promise<Token>): Promise<void> => {
    if (known.get(identity) !== token) return;
    await remove(identity);
  };

  const remove = async (identity: string): Promise<void> => {
    known.delete(identity);
    if (files === null) return;
    const removing = files.remove(`${plugin}\n${identity}`).finally(() => going.delete(identity));
    going.set(identity, removing);
    await removing;
  };

  const isOver = ({ expiresAt }: Token): boolean => expiresAt !== null && expiresAt <= clock.now();

  return {
    async using(identity, logIn, use) {
      const markBefore = await heedClearing();
      for (let isFirst = true; ; isFirst = false) {
        let asked = current(identity, logIn, markBefore);
        let token = await asked;
        if (isOver(token)) {
          await drop(identity, asked);
          asked = current(identity, logIn, markBefore);
          token = await asked;
        }
        try {
          return await use(token.value);
        } catch (error) {
          if (!isUnauthorized(error)) throw error;
          await drop(identity, asked);
          if (!isFirst) throw error;
        }
      }
    },
    forget: remove,
  };
};
