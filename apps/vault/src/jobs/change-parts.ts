import type { Sql } from '@gatehouse/database';
import { createHost, type Host } from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import type { Author } from '../audit/index.ts';
import { type Credential, findCredential, lockCredential } from '../credentials/index.ts';
import type { VaultParts } from '../parts.ts';
import type { Platform, PlatformId } from '../platforms/index.ts';
import { changeLeaseMs, keepChange } from './changes.ts';
import type { TargetSystem } from './target-system.ts';

export interface ChangeParts extends Pick<VaultParts, 'database' | 'clock' | 'log' | 'envelope' | 'audit'> {
  readonly platforms: ReadonlyMap<PlatformId, Platform>;
  /** Names this worker; another process, or a later start of this one, is another worker. */
  readonly worker: string;
  /** A new secret for a credential, by its policy. */
  newSecret(tx: Sql, credential: Credential): Promise<Secret>;
  /** Called before each step; tests end the process there. */
  onStep?(step: Step): Promise<void> | void;
}

/** What happens one after the other in a change. Between any two of them the process may end. */
export const steps = ['write', 'send', 'change', 'note', 'verify', 'keep', 'finish', 'forget'] as const;
export type Step = (typeof steps)[number];

/** How a change ended. */
export type Outcome =
  | { readonly state: 'changed'; readonly caveat: string | null }
  /** What worked before still does. */
  | { readonly state: 'unchanged'; readonly fault: Fault }
  /** Either may work. Both are kept, and what worked is found out later. */
  | { readonly state: 'unknown'; readonly fault: Fault }
  /** Another worker is at it. */
  | { readonly state: 'busy' }
  /** Somebody has it, and whoever asked for the change said that they are waited for. */
  | { readonly state: 'checked out' };

export interface ChangeOrder {
  readonly credentialId: string;
  readonly jobId: number | null;
  readonly author: Author;
  readonly signal: AbortSignal;
  /** Nothing is changed while somebody has it. Default false. */
  readonly heedsCheckouts?: boolean;
}

/** Says that this worker lives for as long as `work` takes. */
export const holding = async <T>(parts: ChangeParts, credentialId: string, work: () => Promise<T>): Promise<T> => {
  const { database, clock, worker, log } = parts;
  const timer = setInterval(() => {
    database
      .system((tx) => keepChange(tx, credentialId, worker, clock.now()))
      .catch((error: unknown) => log.warn({ err: error, credentialId }, 'a change could not be held'));
  }, changeLeaseMs / 4);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
};

export const lost = (credentialId: string) =>
  new Fault(
    'unexpected',
    'Another process has taken this change over, because this one was silent for too long.',
    credentialId,
  );

/** Whether nobody has stored another secret since the credential was read; holds others off until the transaction ends. */
export const isStillCurrent = async (tx: Sql, { credentialId, secretId }: Credential): Promise<boolean> => {
  await lockCredential(tx, credentialId);
  return (await findCredential(tx, credentialId))?.secretId === secretId;
};

export const platformOf = (
  { platforms }: Pick<ChangeParts, 'platforms'>,
  { platform, custom, credential }: TargetSystem,
): Platform => {
  const found = custom ?? platforms.get(platform);
  if (found) return found;
  if (platform === 'custom')
    throw new Fault(
      'misconfigured',
      `The vault does not know how passwords of ${credential.systemName} are changed. Choose a custom platform for that system.`,
    );
  throw new Fault('misconfigured', `The vault cannot change credentials of the type ${credential.type}.`);
};

export const contextOf = ({ clock }: ChangeParts, signal: AbortSignal): { readonly host: Host } => ({
  host: createHost({ signal, clock, attempts: 1 }),
});
