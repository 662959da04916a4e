import { createHash } from 'node:crypto';
import type { Log } from '@gatehouse/host/agent';
import { Fault } from '@gatehouse/kernel';
import {
  type Asked,
  EcmError,
  limits,
  type Params,
  prepareSeal,
  type Result,
  type Seal,
  type Serves,
} from '@gatehouse/remote-access/ecm';
import type { Endpoint, Listing } from '@gatehouse/vault-kit';
import { toHanded } from '../foreign.ts';
import { type BookedLease, type Endings, type LeaseBook, toLease } from '../leases/index.ts';
import type { VaultSide } from '../vault/index.ts';

export interface ServesOptions {
  readonly book: LeaseBook;
  readonly endings: Endings;
  /** Null where no plugin is set up, with the reason. */
  readonly vault: VaultSide | null;
  readonly withoutVault: string;
  readonly log: Log;
  /** Milliseconds that a lease may stay whose answer came too late for whoever asked. Default 60,000. */
  readonly orphanMs?: number;
}

/** What the ECM does for the site. */
export const createServes = (options: ServesOptions): Serves<'ecm'> => {
  const { book, endings, log, orphanMs = 60_000 } = options;
  const vaultOf = (): VaultSide => {
    if (options.vault === null) throw new Fault('misconfigured', options.withoutVault);
    return options.vault;
  };

  const list = async ({ person, endpoint }: Params<'credentials.list'>, { correlation }: Asked) => {
    const vault = vaultOf();
    log.write('info', 'Credentials are asked for.', { correlation, person, endpoint: endpoint.hostname });
    const trace = traceTo(log, { correlation });
    const { found, truncated } = await vault.list(
      { person, endpoint: toEndpoint(endpoint), trace },
      limits.listings,
      correlation,
    );
    const fitting = fit(found);
    log.write('info', `Found ${fitting.length} credentials.`, { correlation });
    return { credentials: fitting, truncated: truncated || fitting.length < found.length };
  };

  /** Under the lease: nothing else happens to it meanwhile. */
  const retrieve = async (
    lease: BookedLease,
    sealing: Sealing,
    asked: Asked,
  ): Promise<Result<'credentials.retrieve'>> => {
    const { correlation, signal } = asked;
    const vault = vaultOf();
    if (lease.why !== null) throw new EcmError('lease_over', 'This lease has ended.', 'lease');
    const more = { correlation, lease: lease.id };
    const trace = traceTo(log, more);
    const keep = async (state: string) => {
      if (state.length > 1_000) throw new Fault('unexpected', `The plugin ${vault.id} keeps more than it may.`);
      await book.keep(lease, state);
      // The vault is asked next, which takes longer than anything else: the key is agreed on meanwhile.
      setImmediate(sealing.begin);
    };
    try {
      const retrieved = await vault.retrieve(toLease(lease), { keep, trace }, correlation);
      if (retrieved.state === 'waiting') {
        log.write('info', 'Somebody has to approve first.', more);
        const { advice, againMs } = retrieved;
        return {
          state: 'waiting',
          advice: advice.slice(0, 1_000),
          againMs: Math.min(Math.max(againMs, 1_000), 600_000),
        };
      }
      const context = { lease: lease.id, credential: lease.credential, correlation };
      const sealed = sealing.get()(toHanded(retrieved.credential), context);
      book.held(lease);
      log.write('info', 'A credential was handed out, sealed to its session.', more);
      // Nobody waits for it any more. Whoever still wants it asks again with the same lease.
      if (signal.aborted) leave(lease);
      return { state: 'ready', sealed };
    } catch (error) {
      // The vault may have handed it out before its answer was lost.
      void endings.end(lease, 'session-over');
      throw error;
    }
  };

  const asks = new Map<string, number>();
  const leave = (lease: BookedLease) => {
    const count = asks.get(lease.id) ?? 0;
    setTimeout(() => {
      const isAskedAgain = (asks.get(lease.id) ?? 0) > count;
      if (!isAskedAgain) void endings.end(lease, 'session-over');
    }, orphanMs).unref();
  };

  const serves: Serves<'ecm'> = {
    'credentials.list': list,
    async 'credentials.retrieve'(params, asked) {
      const vault = vaultOf();
      const { lease: id, credential, person, endpoint, publicKey, reason, ticket, expiresInMs } = params;
      const { correlation } = asked;
      log.write('info', 'A credential is asked for.', { correlation, lease: id, person, endpoint: endpoint.hostname });
      const wanted = { id, credential, person, endpoint: toEndpoint(endpoint), reason, ticket, correlation };
      const lease = await book.open(
        { ...wanted, lifetimeMs: expiresInMs, fingerprint: fingerprintOf(params) },
        vault.id,
      );
      asks.set(id, (asks.get(id) ?? 0) + 1);
      try {
        return await endings.during(lease, () => retrieve(lease, createSealing(publicKey), asked));
      } finally {
        if (lease.state !== 'asked' && !asked.signal.aborted) asks.delete(id);
      }
    },
    async 'credentials.release'({ lease: id }, { signal, correlation }) {
      const lease = book.find(id);
      if (lease === null || lease.state === 'ended') return { state: 'released' };
      log.write('info', 'The site says that a session is over.', { correlation, lease: id });
      const done = endings.end(lease, 'asked').then(() => 'released' as const);
      const late = new Promise<'ending'>((resolve) => {
        signal.addEventListener('abort', () => resolve('ending'), { once: true });
        setTimeout(() => resolve('ending'), releaseMs).unref();
      });
      return { state: await Promise.race([done, late]) };
    },
    async 'health.check'() {
      if (options.vault === null)
        return { health: 'failed', advice: options.withoutVault.slice(0, 1_000), leases: book.count() };
      try {
        await options.vault.check();
        return { health: 'connected', advice: null, leases: book.count() };
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return { health: 'failed', advice: error.advice.slice(0, 1_000), leases: book.count() };
      }
    },
  };
  return serves;
};

/** The seal of one answer, which can be made before there is anything to seal. */
interface Sealing {
  begin(): void;
  /** @throws EcmError `invalid_params` for a key that is none */
  get(): Seal;
}

const createSealing = (publicKey: string): Sealing => {
  let seal: Seal | null = null;
  return {
    begin() {
      try {
        seal ??= prepareSeal(publicKey);
      } catch {
        // Whoever seals hears of it.
      }
    },
    get: () => seal ?? prepareSeal(publicKey),
  };
};

/** A release is answered at once where the vault is quick; else it goes on, and the site hears of it later. */
const releaseMs = 5_000;

const toEndpoint = ({ hostname, address, domain, protocol }: Params<'credentials.list'>['endpoint']): Endpoint => ({
  ...{ hostname, address, domain },
  ...(protocol !== undefined && { protocol }),
});

const fingerprintOf = ({ credential, person, endpoint, publicKey }: Params<'credentials.retrieve'>): string => {
  const { hostname, address, domain, protocol = null } = endpoint;
  const whole = JSON.stringify([credential, person, hostname, address, domain, protocol, publicKey]);
  return createHash('sha256').update(whole).digest('base64url');
};

const traceTo =
  (log: Log, more: Readonly<Record<string, string>>) =>
  (line: string): void =>
    log.write('info', line, more);

/** As many as one message holds, each no longer than it may be. */
const fit = (found: readonly Listing[]): Result<'credentials.list'>['credentials'] => {
  const fitting: Result<'credentials.list'>['credentials'] = [];
  let bytes = 0;
  for (const { credential, kind, username, label, needsApproval } of found) {
    // A name that was cut would be another credential.
    if (credential === '' || credential.length > 500) continue;
    const one = {
      credential,
      kind,
      username: username.slice(0, 256),
      label: (label || username || '?').slice(0, 500),
      needsApproval,
    };
    bytes += Buffer.byteLength(JSON.stringify(one)) + 1;
    if (bytes > limits.listingBytes) break;
    fitting.push(one);
  }
  return fitting;
};
