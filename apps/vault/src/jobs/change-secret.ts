import type { Sql } from '@gatehouse/database';
import { createHost, type Host } from '@gatehouse/host';
import { Fault, type Secret, toFault } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Author } from '../audit/index.ts';
import {
  type Credential,
  keepFormer,
  listFormer,
  makeCurrent,
  placeOf,
  setRandom,
  wordsOf,
} from '../credentials/index.ts';
import { deleteSecrets, putSecret } from '../keys/index.ts';
import type { VaultParts } from '../parts.ts';
import { ChangeFault, type Platform, type PlatformId } from '../platforms/index.ts';
import {
  type Change,
  changeLeaseMs,
  deferChange,
  deleteChange,
  findChange,
  insertChange,
  keepChange,
  moveChange,
  takeChange,
} from './changes.ts';
import { firstUseOf, openTarget, readProof, type TargetSystem } from './target-system.ts';

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
  | { readonly state: 'busy' };

export interface ChangeOrder {
  readonly credentialId: string;
  readonly jobId: number | null;
  readonly author: Author;
  readonly signal: AbortSignal;
}

/**
 * Changes the secret of one credential on its system. It is written down before it is made, made, proved by signing in
 * with it, and only then the current one; whatever ends the process in between, both secrets are kept until a later call
 * has found out which of them works.
 */
export const changeSecret = async (parts: ChangeParts, order: ChangeOrder): Promise<Outcome> => {
  const { database } = parts;
  const { credentialId } = order;
  const before = await database.system((tx) => findChange(tx, credentialId));
  if (before !== null) {
    const settled = await settleChange(parts, credentialId, order.signal);
    // What was under way is another change: the one that is asked for still has to be made.
    if (settled.state === 'busy' || settled.state === 'unknown') return settled;
  }
  await parts.onStep?.('write');
  const written = await writeDown(parts, order).catch((error: unknown) => unchanged(error));
  if ('state' in written) return written;
  return await holding(parts, credentialId, async () => {
    const { target, change } = written;
    await parts.onStep?.('send');
    await step(parts, credentialId, { state: 'sent' });
    try {
      await parts.onStep?.('change');
      const next = await database.system((tx) => readProof(tx, parts.envelope, target.credential, change.nextSecretId));
      await platformOf(parts, target).change(
        target.system,
        target.account,
        target.by(),
        next,
        contextOf(parts, order.signal),
      );
    } catch (error) {
      const sent = { ...change, state: 'sent' } as const;
      if (!(error instanceof ChangeFault) || error.outcome === 'unknown')
        return await findOut(parts, sent, order.signal, toFault(error));
      if (error.refused === 'by') await heal(parts, target, order.signal);
      return await abandon(parts, change, target, error);
    }
    await parts.onStep?.('note');
    await step(parts, credentialId, { state: 'made' });
    return await findOut(parts, { ...change, state: 'made' }, order.signal, null);
  });
};

/** Finds out how a change ended that nobody is at any more. */
export const settleChange = async (
  parts: ChangeParts,
  credentialId: string | null,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { database, clock, worker } = parts;
  const change = await database.system((tx) => takeChange(tx, { credentialId, worker }, clock.now()));
  if (change === null) return { state: 'busy' };
  return await holding(parts, change.credentialId, () => findOut(parts, change, signal, null));
};

/** The new secret and the row that says so, in one transaction. */
const writeDown = async (
  parts: ChangeParts,
  { credentialId, jobId, author }: ChangeOrder,
): Promise<{ readonly target: TargetSystem; readonly change: Change } | Outcome> => {
  const { database, envelope, clock, worker } = parts;
  return await database.system(async (tx) => {
    await sql`select from credentials where credential_id = ${credentialId} for update`.execute(tx);
    const target = await openTarget(tx, envelope, credentialId, firstUseOf(parts, author));
    const platform = platformOf(parts, target);
    platform.checkAccount(target.account);
    // Nobody who could change it: then nothing is written.
    target.by();
    const at = clock.now();
    const secret = await parts.newSecret(tx, target.credential);
    const nextSecretId = await putSecret(tx, envelope, { secret, place: placeOf(credentialId), at });
    if (!(await insertChange(tx, { credentialId, jobId, nextSecretId, author, worker }, at))) {
      await deleteSecrets(tx, [nextSecretId]);
      return { state: 'busy' };
    }
    await parts.audit.write(tx, author, {
      ...{ event: 'EVENT_ID_JOB_STARTING_PASSWORD_CHANGE_ON_SYSTEM', target: target.credential.systemName },
      ...{ message: `starting password change for ${wordsOf(target.credential)}`, arguments: { job: jobId } },
    });
    const change: Change = {
      ...{ credentialId, jobId, nextSecretId, author, previousSecretId: null, state: 'written', attempt: 0 },
    };
    return { target, change };
  });
};

/** Tries the next secret, then the one before, and settles on what works. `why` is what went wrong until here. */
const findOut = async (
  parts: ChangeParts,
  change: Change,
  signal: AbortSignal,
  why: Fault | null,
): Promise<Outcome> => {
  const { database, envelope } = parts;
  const { credentialId } = change;
  try {
    const { target, next } = await database.system(async (tx) => {
      const opened = await openTarget(tx, envelope, credentialId, firstUseOf(parts, change.author));
      return { target: opened, next: await readProof(tx, envelope, opened.credential, change.nextSecretId) };
    });
    if (change.state === 'ending') return await finish(parts, change, target, signal);
    // Nothing was sent yet.
    if (change.state === 'written') return await abandon(parts, change, target, interrupted());
    const [platform, context] = [platformOf(parts, target), contextOf(parts, signal)];
    await parts.onStep?.('verify');
    if (await platform.verify(target.system, target.account, next, context))
      return await keep(parts, change, target, signal);
    if (target.current !== null && (await platform.verify(target.system, target.account, target.current, context)))
      // What was sent may still be carried out over there: only what is so at a later look, too, is so.
      return change.attempt === 0
        ? await defer(parts, change, why ?? interrupted())
        : await abandon(parts, change, target, why ?? interrupted());
    return await defer(parts, change, neitherWorks(target, why));
  } catch (error) {
    return await defer(parts, change, toFault(error));
  }
};

/** It works: it is the current one from now on. */
const keep = async (
  parts: ChangeParts,
  change: Change,
  target: TargetSystem,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { database, clock, audit, worker } = parts;
  const { credentialId, nextSecretId, author, jobId } = change;
  const { credential } = target;
  const hasFinish = platformOf(parts, target).finish !== undefined && credential.secretId !== null;
  await parts.onStep?.('keep');
  await database.system(async (tx) => {
    const at = clock.now();
    await makeCurrent(tx, { credentialId, secretId: nextSecretId, at, isVerified: true });
    // Whatever it was before, the vault made this one: from now on it may be spun after check-ins.
    await setRandom(tx, credentialId, true);
    const ending = { state: 'ending', previousSecretId: credential.secretId } as const;
    const isMine = hasFinish
      ? await moveChange(tx, { credentialId, worker }, ending, at)
      : await deleteChange(tx, credentialId, worker);
    if (!isMine) throw lost(credentialId);
    await audit.write(tx, author, {
      ...{ event: 'EVENT_ID_PASSWORD_CHANGED', target: credential.systemName },
      ...{ message: `changed password for ${wordsOf(credential)}`, arguments: { job: jobId } },
    });
  });
  if (!hasFinish) return { state: 'changed', caveat: null };
  const ended = { ...change, state: 'ending', previousSecretId: credential.secretId } as const;
  return await finish(parts, ended, target, signal).catch(async (error: unknown) => {
    const fault = toFault(error);
    await defer(parts, ended, fault);
    return { state: 'changed', caveat: `What was good before is still good there: ${fault.advice}` };
  });
};

/** Ends what was good before, where it is good beside the new one. */
const finish = async (
  parts: ChangeParts,
  change: Change,
  target: TargetSystem,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { database, envelope, worker } = parts;
  const { credentialId, nextSecretId, previousSecretId } = change;
  await parts.onStep?.('finish');
  if (previousSecretId !== null) {
    const [next, previous] = await database.system(async (tx) => [
      await readProof(tx, envelope, target.credential, nextSecretId),
      await readProof(tx, envelope, target.credential, previousSecretId),
    ]);
    await platformOf(parts, target).finish?.(target.system, target.account, next, previous, contextOf(parts, signal));
  }
  await parts.onStep?.('forget');
  if (!(await database.system((tx) => deleteChange(tx, credentialId, worker)))) throw lost(credentialId);
  return { state: 'changed', caveat: null };
};

/** It was surely not made: what worked before still is the current one. */
const abandon = async (parts: ChangeParts, change: Change, target: TargetSystem, fault: Fault): Promise<Outcome> => {
  const { database, clock, audit, worker } = parts;
  const { credentialId, nextSecretId, author, jobId } = change;
  await parts.onStep?.('forget');
  await database.system(async (tx) => {
    if (!(await deleteChange(tx, credentialId, worker))) throw lost(credentialId);
    // One that may have been there for a moment is kept among the former ones, for the day on which nothing else works.
    if (change.state === 'written') await deleteSecrets(tx, [nextSecretId]);
    else await keepFormer(tx, credentialId, nextSecretId, clock.now());
    await audit.write(tx, author, {
      ...{ event: 'EVENT_ID_PASSWORD_CHANGE_FAILED', target: target.credential.systemName, succeeded: false },
      message: `password of ${wordsOf(target.credential)} was not changed: ${fault.advice}`,
      arguments: { job: jobId },
    });
  });
  return { state: 'unchanged', fault };
};

/**
 * The account refuses what the vault takes for its secret: where the one before works, as after a system was restored, it
 * is the current one again, and the next attempt goes on with it. Two are tried at most, because accounts lock.
 */
const heal = async (parts: ChangeParts, target: TargetSystem, signal: AbortSignal): Promise<void> => {
  const { database, envelope, clock } = parts;
  const { credential, system, account } = target;
  if (target.by().kind !== 'self') return;
  for (const secretId of await database.system((tx) => listFormer(tx, credential.credentialId, 2))) {
    const proof = await database.system((tx) => readProof(tx, envelope, credential, secretId));
    if (
      !(await platformOf(parts, target)
        .verify(system, account, proof, contextOf(parts, signal))
        .catch(() => false))
    )
      continue;
    const { credentialId } = credential;
    await database.system((tx) => makeCurrent(tx, { credentialId, secretId, at: clock.now(), isVerified: true }));
    return;
  }
};

/** Nobody knows yet. Both secrets are kept, and somebody looks again. */
const defer = async ({ database, clock, worker, log }: ChangeParts, change: Change, fault: Fault): Promise<Outcome> => {
  const { credentialId, attempt } = change;
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempt, 20));
  const until = new Date(clock.now().getTime() + waitMs);
  log.warn({ credentialId, kind: fault.kind, detail: fault.detail }, 'how a change ended is not known yet');
  await database.system((tx) => deferChange(tx, credentialId, worker, until));
  return { state: 'unknown', fault };
};

const firstWaitMs = 15_000;
const longestWaitMs = 3_600_000;

/** Says that this worker lives for as long as `work` takes. */
const holding = async <T>(parts: ChangeParts, credentialId: string, work: () => Promise<T>): Promise<T> => {
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

const step = async ({ database, clock, worker }: ChangeParts, credentialId: string, to: Pick<Change, 'state'>) => {
  const isMine = await database.system((tx) => moveChange(tx, { credentialId, worker }, to, clock.now()));
  if (!isMine) throw lost(credentialId);
};

const lost = (credentialId: string) =>
  new Fault(
    'unexpected',
    'Another process has taken this change over, because this one was silent for too long.',
    credentialId,
  );

const interrupted = () => new Fault('unreachable', 'The change was interrupted before it was made.');

const neitherWorks = ({ credential }: TargetSystem, why: Fault | null) =>
  new Fault(
    'unauthorized',
    `Neither the new password of ${credential.accountName} on ${credential.systemName} nor the one before works. Both are kept. Set the password there by hand and store it here, or give the system a login account, which can set it anew.`,
    why?.advice,
  );

const unchanged = (error: unknown): Outcome => ({ state: 'unchanged', fault: toFault(error) });

const platformOf = ({ platforms }: ChangeParts, { platform, credential }: TargetSystem): Platform => {
  const found = platforms.get(platform);
  if (found) return found;
  throw new Fault('misconfigured', `The vault cannot change credentials of the type ${credential.type}.`);
};

const contextOf = ({ clock }: ChangeParts, signal: AbortSignal): { readonly host: Host } => ({
  host: createHost({ signal, clock, attempts: 1 }),
});
