import { AsyncLocalStorage } from 'node:async_hooks';
import { createHost, type Host } from '@gatehouse/host';
import type { Log } from '@gatehouse/host/agent';
import { type Clock, Fault } from '@gatehouse/kernel';
import {
  type AnyVault,
  erasedVault,
  type Lease,
  type Listing,
  type Question,
  type Retrieval,
  type Retrieved,
  type Tokens,
} from '@gatehouse/vault-kit';
import { ownFault } from '../foreign.ts';
import type { Entered } from '../settings/index.ts';

/** A vault plugin with its settings, as the rest of the ECM sees it: every failure is a Fault of ours. `correlation` goes to the vault with every request, which may keep it in its audit. */
export interface VaultSide {
  readonly id: string;
  readonly name: string;
  readonly impersonation: string;
  check(): Promise<void>;
  /** At most `most` entries, and whether there are more. */
  list(
    question: Question,
    most: number,
    correlation: string | null,
  ): Promise<{ readonly found: readonly Listing[]; readonly truncated: boolean }>;
  retrieve(lease: Lease, retrieval: Retrieval, correlation: string): Promise<Retrieved>;
  release(lease: Lease, release: Pick<Retrieval, 'trace'>, correlation: string): Promise<void>;
}

export interface VaultSideOptions {
  readonly vault: AnyVault;
  readonly values: Entered;
  readonly tokens: Tokens;
  /** An HTTP proxy that every request goes through; null: none. */
  readonly proxy: string | null;
  readonly clock: Clock;
  /** Ends every request. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A budget of retries belongs to one client: it is made anew after this time, connections stay. */
const renewMs = 300_000;

/** An answer that never ends must not hold up the release of its lease. */
const answerMs = 60_000;

/** @throws Fault `misconfigured` that names the setting. */
export const openVault = (options: VaultSideOptions): VaultSide => {
  const { vault: any, values, tokens, proxy, clock, signal, log } = options;
  const vault = erasedVault(any);
  const parsed = parseSettings(any, values);
  const errand = new AsyncLocalStorage<string | null>();
  let client: unknown;
  let madeAt = Number.NEGATIVE_INFINITY;
  const current = () => {
    if (performance.now() - madeAt < renewMs) return client;
    madeAt = performance.now();
    const host = createHost({
      ...{ signal, clock, attempts: 2, retryMs: 30_000, answerMs },
      requestId: () => errand.getStore() ?? null,
      log: ({ system, method, path, status, attempt, tookMs, bytes, problem = null }) =>
        log.write('debug', `${method} ${path}`, { system, status, attempt, tookMs, bytes, problem }),
    });
    client = vault.connect(parsed, proxy === null ? host : through(host, proxy), tokens);
    return client;
  };
  const ours = async <T>(work: () => Promise<T>, correlation: string | null = null): Promise<T> => {
    try {
      return await errand.run(correlation, work);
    } catch (error) {
      signal.throwIfAborted();
      throw ownFault(error);
    }
  };

  return {
    ...{ id: any.id, name: any.name, impersonation: any.impersonation },
    check: () => ours(async () => await vault.check(current())),
    list: (question, most, correlation) =>
      ours(async () => {
        const found: Listing[] = [];
        for await (const listing of vault.list(current(), question)) {
          if (found.length === most) return { found, truncated: true };
          found.push(listing);
        }
        return { found, truncated: false };
      }, correlation),
    retrieve: (lease, retrieval, correlation) =>
      ours(async () => await vault.retrieve(current(), lease, retrieval), correlation),
    release: (lease, release, correlation) =>
      ours(async () => await vault.release(current(), lease, release), correlation),
  };
};

/** A host whose requests go through a proxy, but those to this very machine, where no proxy leads. */
const through = (host: Host, proxy: string): Host => ({
  ...host,
  http: (wanted) => host.http(isHere(wanted.origin) ? wanted : { ...wanted, proxy }),
});
const isHere = (origin: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(URL.parse(origin)?.hostname ?? '');

/** What the plugin takes. @throws Fault `misconfigured` that names the first setting that is wrong. */
const parseSettings = ({ config, name }: AnyVault, values: Entered): unknown => {
  const parsed = config.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw new Fault('misconfigured', `${name}, ${path === '' ? 'settings' : path}: ${issue?.message ?? 'wrong'}`);
};
