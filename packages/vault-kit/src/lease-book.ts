import type { Host } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import type { z } from 'zod';
import type { Credential, Lease, Vault } from './vault.ts';

/** The most characters that a plugin may keep for one lease. */
export const longestKept = 1_000;

export interface LeaseBook {
  /** Commits before the vault is asked, so that a crash leaves a row for whoever releases what was left behind. */
  open(lease: Lease): Promise<void>;
  /** Commits what the plugin kept, over what it kept before; it comes back as `lease.kept`. */
  keep(lease: Lease, state: string): Promise<void>;
  /** Never throws. A release that fails leaves the row open, and is tried again. */
  settle(lease: Lease, release: () => Promise<void>): Promise<void>;
}

/** A vault, how it is reached, and the book that remembers what it hands out. */
export interface Door<Client> {
  readonly vault: Pick<Vault<z.ZodType, Client>, 'name' | 'retrieve' | 'release'>;
  /** Ends with whoever asks. */
  readonly client: Client;
  /** Releases, and must not end with whoever asks: its host has a signal of its own. */
  readonly releasing: Client;
  readonly leases: LeaseBook;
  readonly host: Pick<Host, 'clock' | 'signal'>;
  trace(line: string): void;
  /** Tells the person why nothing has come yet. Called before every wait. */
  onWaiting?(advice: string): void;
}

/**
 * The only way to touch a credential. Releasing is not the caller's job, so it cannot be forgotten: it happens when
 * `use` has ended, when it failed, and when the credential never came. Where somebody has to approve first, waits until
 * the lease is over at the latest, and throws a `forbidden` Fault then.
 */
export const withCredential = async <Client, T>(
  door: Door<Client>,
  lease: Lease,
  use: (credential: Credential) => Promise<T>,
): Promise<T> => {
  const { vault, leases, releasing, trace } = door;
  let current = lease;
  const keep = async (state: string): Promise<void> => {
    if (state.length > longestKept) throw tooLong(vault.name, state.length);
    await leases.keep(current, state);
    current = { ...current, kept: state };
  };
  await leases.open(lease);
  try {
    return await use(await comes(door, () => current, keep));
  } finally {
    // Also when nothing came: the vault may have handed it out before its answer was lost.
    await leases.settle(current, () => vault.release(releasing, current, { trace }));
  }
};

const comes = async <Client>(
  { vault, client, host, trace, onWaiting }: Door<Client>,
  lease: () => Lease,
  keep: (state: string) => Promise<void>,
): Promise<Credential> => {
  for (;;) {
    const answer = await vault.retrieve(client, lease(), { keep, trace });
    if (answer.state === 'ready') return answer.credential;
    const leftMs = lease().expiresAt.getTime() - host.clock.now().getTime();
    if (leftMs <= 0) throw new Fault('forbidden', `Nobody approved in time. ${answer.advice}`);
    onWaiting?.(answer.advice);
    await host.clock.sleep(Math.min(leftMs, Math.max(soonestMs, answer.againMs)), host.signal);
  }
};

/** A plugin that asks for no pause must not make a loop without one. */
const soonestMs = 1_000;

const tooLong = (name: string, length: number): Fault =>
  new Fault(
    'unexpected',
    `The plugin for ${name} cannot be used: it remembers more of a lease than it may.`,
    `kept ${length} characters, at most ${longestKept} are allowed`,
  );
