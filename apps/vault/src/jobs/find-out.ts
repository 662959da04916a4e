import { Fault, toFault } from '@gatehouse/kernel';
import { type Credential, keepFormer, makeCurrent, setRandom, wordsOf } from '../credentials/index.ts';
import { deleteSecrets } from '../keys/index.ts';
import {
  type ChangeParts,
  contextOf,
  holding,
  isStillCurrent,
  lost,
  type Outcome,
  platformOf,
} from './change-parts.ts';
import { type Change, deferChange, deleteChange, moveChange, takeChange } from './changes.ts';
import { firstUseOf, openTarget, readProof, type TargetSystem } from './target-system.ts';

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

/**
 * Tries the next secret, then the current one, then the one that was current when the change began, and settles on what
 * works: somebody may have stored another one meanwhile, because they set it there. `why` is what went wrong until here.
 */
export const findOut = async (
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
    const { secretId } = target.credential;
    for (const candidate of new Set([secretId, change.previousSecretId])) {
      if (candidate === null) continue;
      const proof = await database.system((tx) => readProof(tx, envelope, target.credential, candidate));
      if (!(await platform.verify(target.system, target.account, proof, context))) continue;
      // What was sent may still be carried out over there: only what is so at a later look, too, is so.
      if (change.attempt === 0) return await defer(parts, change, why ?? interrupted());
      return await abandon(parts, change, target, why ?? interrupted(), candidate);
    }
    return await defer(parts, change, neitherWorks(target, why));
  } catch (error) {
    return await defer(parts, change, toFault(error));
  }
};

/** It works: it is the current one from now on. What was stored since it was tried may be what works now: then not yet. */
const keep = async (
  parts: ChangeParts,
  change: Change,
  target: TargetSystem,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { database, clock, audit, worker } = parts;
  const { credentialId, nextSecretId, author, jobId } = change;
  const { credential } = target;
  const hasFinish = platformOf(parts, target).finish !== undefined && change.previousSecretId !== null;
  await parts.onStep?.('keep');
  const isKept = await database.system(async (tx) => {
    const at = clock.now();
    if (!(await isStillCurrent(tx, credential))) return false;
    await makeCurrent(tx, { credentialId, secretId: nextSecretId, at, isVerified: true });
    // Whatever it was before, the vault made this one: from now on it may be spun after check-ins.
    await setRandom(tx, credentialId, true);
    const isMine = hasFinish
      ? await moveChange(tx, { credentialId, worker }, { state: 'ending' }, at)
      : await deleteChange(tx, credentialId, worker);
    if (!isMine) throw lost(credentialId);
    await audit.write(tx, author, {
      ...{ event: 'EVENT_ID_PASSWORD_CHANGED', target: credential.systemName },
      ...{ message: `changed password for ${wordsOf(credential)}`, arguments: { job: jobId } },
    });
    return true;
  });
  if (!isKept) return await defer(parts, change, storedMeanwhile(credential));
  if (!hasFinish) return { state: 'changed', caveat: null };
  const ended = { ...change, state: 'ending' } as const;
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

/** It was surely not made. `works`: the secret that was found to work; null where none was tried. */
export const abandon = async (
  parts: ChangeParts,
  change: Change,
  target: TargetSystem,
  fault: Fault,
  works: string | null = null,
): Promise<Outcome> => {
  const { database, clock, audit, worker } = parts;
  const { credentialId, nextSecretId, author, jobId } = change;
  await parts.onStep?.('forget');
  await database.system(async (tx) => {
    if (!(await deleteChange(tx, credentialId, worker))) throw lost(credentialId);
    // One that may have been there for a moment is kept among the former ones, for the day on which nothing else works.
    if (change.state === 'written') await deleteSecrets(tx, [nextSecretId]);
    else await keepFormer(tx, credentialId, nextSecretId, clock.now());
    if (works !== null && works !== target.credential.secretId && (await isStillCurrent(tx, target.credential)))
      await makeCurrent(tx, { credentialId, secretId: works, at: clock.now(), isVerified: true });
    await audit.write(tx, author, {
      ...{ event: 'EVENT_ID_PASSWORD_CHANGE_FAILED', target: target.credential.systemName, succeeded: false },
      message: `password of ${wordsOf(target.credential)} was not changed: ${fault.advice}`,
      arguments: { job: jobId },
    });
  });
  return { state: 'unchanged', fault };
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

const interrupted = () => new Fault('unreachable', 'The change was interrupted before it was made.');

const storedMeanwhile = ({ accountName, systemName }: Credential) =>
  new Fault('unreachable', `A password of ${accountName} on ${systemName} was stored while another one was tried.`);

const neitherWorks = ({ credential }: TargetSystem, why: Fault | null) =>
  new Fault(
    'unauthorized',
    `Neither the new password of ${credential.accountName} on ${credential.systemName} nor the one before works. All are kept. Set the password there by hand and store it here, or give the system a login account, which can set it anew.`,
    why?.advice,
  );
