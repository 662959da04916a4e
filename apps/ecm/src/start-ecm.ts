import { join } from 'node:path';
import { type Disk, type Log, lockHome, openLog, realDisk } from '@gatehouse/host/agent';
import { type Clock, Fault, systemClock } from '@gatehouse/kernel';
import type { AnyVault } from '@gatehouse/vault-kit';
import { ecm } from './agent.ts';
import { createEndings, type LeaseBook, openLeaseBook, toLease } from './leases/index.ts';
import { findPlugins, pluginFolder } from './plugins/index.ts';
import { type EcmSettings, readSettings, secretsIn } from './settings/index.ts';
import { createLink, createServes, type Standing } from './site/index.ts';
import { writeState } from './status/index.ts';
import { createTokenCache, findTokenKey } from './tokens/index.ts';
import { openVault, type VaultSide } from './vault/index.ts';
import { version } from './version.ts';

export interface EcmOptions {
  readonly home: string;
  /** The plugins that come with this ECM. */
  readonly vaults: readonly AnyVault[];
  readonly environment: NodeJS.ProcessEnv;
  readonly disk?: Disk;
  readonly clock?: Clock;
  /** Milliseconds until the first repetition of what failed: a connection, a release. Default 1,000. */
  readonly firstMs?: number;
  /** Gets each line of the log too. */
  echo?(line: string): void;
}

export interface RunningEcm {
  /** Resolves when it was stopped; rejects when it cannot go on. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Connects and serves until it is stopped. @throws Fault `misconfigured` where it cannot start. */
export const startEcm = async (options: EcmOptions): Promise<RunningEcm> => {
  const { home, disk = realDisk } = options;
  const settings = await readSettings(disk, home);
  if (settings === null)
    throw new Fault('misconfigured', `Nothing is configured in ${home}. Run "gatehouse ecm configure".`);
  const unlock = await lockHome(ecm, home);
  const ending = new AbortController();
  try {
    const log = openLog({
      ...{ path: join(home, 'logs', 'ECM.log'), level: settings.logLevel, secrets: secretsIn(settings) },
      ...(options.echo && { echo: options.echo }),
    });
    const { parts, book } = await build(options, settings, log, ending.signal);
    const running = parts.map((part) => part());
    const over = Promise.all(running)
      .catch((error: unknown) => {
        if (ending.signal.aborted) return;
        log.write('error', 'The ECM cannot go on.', { why: error instanceof Error ? (error.stack ?? '') : '' });
        ending.abort(new Error('another part failed'));
        throw error;
      })
      .finally(async () => {
        await Promise.allSettled(running);
        await book.close();
        await unlock();
      });
    return {
      ended: over.then(() => undefined),
      async stop() {
        ending.abort(new Error('the ECM stops'));
        await over.catch(() => undefined);
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
};

/** Everything that runs at once, each for as long as the signal is quiet. */
const build = async (options: EcmOptions, settings: EcmSettings, log: Log, signal: AbortSignal) => {
  const { home, disk = realDisk, clock = systemClock, firstMs } = options;
  const startedAt = clock.now().toISOString();
  log.write('info', `The ECM starts, version ${version}.`);
  const { vault, reason, tokens } = await chosenVault(options, settings, log, signal);
  const book = await openLeaseBook({
    ...{ disk, home, clock },
    onDamage: (lines) => log.write('error', `${lines} lines of the book of leases are damaged.`),
  });
  const pace = firstMs === undefined ? {} : { firstMs };
  const endings = createEndings({
    ...{ book, clock, signal, log, plugin: vault?.id ?? null, onEnded: (lease) => link.tell(lease), ...pace },
    async release(lease) {
      if (vault === null) throw new Fault('misconfigured', reason);
      const more = { lease: lease.id, correlation: lease.correlation };
      await vault.release(toLease(lease), { trace: (line) => log.write('info', line, more) }, lease.correlation);
    },
  });
  const serves = createServes({ book, endings, vault, withoutVault: reason, log });
  let standing: Standing = { state: 'connecting', sentence: null };
  const link = createLink({
    ...{ account: settings, name: settings.name, vault, serves, book, endings, clock, signal, log, ...pace },
    onStanding: (now) => {
      standing = now;
    },
  });
  const state = () => ({
    ...{ version, pid: process.pid, startedAt, writtenAt: clock.now().toISOString(), site: settings.site.url },
    ...{ plugin: vault?.name ?? null, tokens, standing, leases: book.count() },
  });
  const keepState = async () => {
    for (;;) {
      await writeState(home, state());
      await clock.sleep(1_000, signal);
    }
  };
  const parts: readonly (() => Promise<void>)[] = [link.run, endings.run, keepState];
  return { parts, book: book as LeaseBook };
};

interface Chosen {
  readonly vault: VaultSide | null;
  /** Why there is none. */
  readonly reason: string;
  readonly tokens: string;
}

/** The plugin that is configured. Without one the ECM connects all the same, and says what is missing. */
const chosenVault = async (
  { home, vaults, environment, disk = realDisk, clock = systemClock }: EcmOptions,
  { plugin, vaultProxy: proxy }: EcmSettings,
  log: Log,
  signal: AbortSignal,
): Promise<Chosen> => {
  const { key, where } = await findTokenKey(environment, { disk, home });
  const without = (reason: string): Chosen => {
    log.write('error', reason);
    return { vault: null, reason, tokens: where };
  };
  if (plugin === null) return without('No plugin is set up in this ECM. Run "gatehouse ecm configure" beside it.');
  const { found, unusable } = await findPlugins(vaults, pluginFolder(home));
  for (const { file, reason } of unusable) log.write('warn', `A plugin cannot be used: ${reason}`, { file });
  const vault = found.find(({ vault: { id } }) => id === plugin.id)?.vault;
  if (vault === undefined) return without(`The plugin "${plugin.id}" of this ECM is not there any more.`);
  const say = (sentence: string) => log.write('warn', sentence);
  const tokens = createTokenCache({ disk, home, plugin: plugin.id, key, clock, say });
  log.write('info', `The plugin is ${vault.name}. ${where}`);
  try {
    return {
      vault: openVault({ vault, values: plugin.values, tokens, proxy, clock, signal, log }),
      reason: '',
      tokens: where,
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return without(`The settings of the plugin are wrong. ${error.advice}`);
  }
};
