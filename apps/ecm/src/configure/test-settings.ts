import type { Log } from '@gatehouse/host/agent';
import { type Clock, Fault } from '@gatehouse/kernel';
import type { AnyVault, Token, Tokens } from '@gatehouse/vault-kit';
import { isUnauthorized, ownFault } from '../foreign.ts';
import type { Entered } from '../settings/index.ts';
import { openVault } from '../vault/index.ts';

/** What a test of settings said. Names only: no password is retrieved. */
export interface SettingsTest {
  /** What people choose by, in the order of the vault. */
  readonly labels: readonly string[];
  /** "Found 2 credentials:", or why there are none. */
  readonly sentence: string;
  /** Which names were asked of the vault and why. */
  readonly trace: readonly string[];
  readonly failed: boolean;
}

export interface TestQuestion {
  readonly vault: AnyVault;
  /** As they stand on the screen, saved or not. */
  readonly values: Entered;
  readonly proxy: string | null;
  /** `user1`, `DOMAIN\username` or `username@domain`. */
  readonly user: string;
  readonly endpoint: string;
  readonly clock: Clock;
  readonly log: Log;
}

const waitMs = 60_000;

/** Asks the vault what this user may use on this endpoint. The site is not asked anything, and nothing is kept. */
export const testSettings = async (question: TestQuestion): Promise<SettingsTest> => {
  const { vault, values, proxy, user, endpoint, clock, log } = question;
  const trace: string[] = [];
  const say = (line: string) => {
    log.write('info', line);
    if (trace.length < 200) trace.push(line.slice(0, 1_000));
  };
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(late), waitMs);
  try {
    if (user.trim() === '')
      throw new Fault('misconfigured', 'Enter a user: user1, DOMAIN\\username or username@domain.');
    if (endpoint.trim() === '') throw new Fault('misconfigured', 'Enter the name or the address of an endpoint.');
    const side = openVault({ vault, values, tokens: createTestTokens(), proxy, clock, signal: ending.signal, log });
    const asked = {
      person: user.trim().slice(0, 320),
      endpoint: toEndpoint(endpoint.trim().slice(0, 253)),
      trace: say,
    };
    const { found, truncated } = await side.list(asked, 500, null);
    const labels = found.map(({ label, username }) => label || username);
    log.write('info', `Test settings: found ${labels.length} credentials.`, { user, endpoint });
    return { labels, trace, failed: false, sentence: sentenceFor(labels.length, truncated) };
  } catch (error) {
    const { advice, detail = null, kind } = ownFault(error);
    log.write('error', `Test settings: ${advice}`, { user, endpoint, kind, detail });
    return { labels: [], trace, failed: true, sentence: advice };
  } finally {
    clearTimeout(timer);
    ending.abort(late);
  }
};

const late = new Fault('unreachable', 'The vault did not answer within a minute.');

const sentenceFor = (count: number, truncated: boolean): string => {
  if (count === 0)
    return 'Found no credentials. The vault answered; what it was asked for stands below. An empty list may be right.';
  return `Found ${truncated ? 'more than ' : ''}${count} credential${count === 1 ? '' : 's'}:`;
};

const toEndpoint = (text: string) => {
  const isAddress = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)$/i.test(text);
  return { hostname: text, address: isAddress ? text : null, domain: null };
};

/** Tokens for one test: logged in anew, so that a password on the screen is really tried. */
const createTestTokens = (): Tokens => {
  const known = new Map<string, Promise<Token>>();
  return {
    async using(identity, logIn, use) {
      for (let isFirst = true; ; isFirst = false) {
        const asked = known.get(identity) ?? logIn();
        known.set(identity, asked);
        try {
          return await use((await asked).value);
        } catch (error) {
          known.delete(identity);
          if (!isFirst || !isUnauthorized(error)) throw error;
        }
      }
    },
    forget: async (identity) => void known.delete(identity),
  };
};
