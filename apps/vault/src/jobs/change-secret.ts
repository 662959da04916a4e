import { toFault } from '@gatehouse/kernel';
import { listFormer, lockCredential, makeCurrent, placeOf, wordsOf } from '../credentials/index.ts';
import { deleteSecrets, putSecret } from '../keys/index.ts';
import { ChangeFault } from '../platforms/index.ts';
import {
  type ChangeOrder,
  type ChangeParts,
  contextOf,
  holding,
  isStillCurrent,
  lost,
  type Outcome,
  platformOf,
} from './change-parts.ts';
import { type Change, findChange, insertChange, moveChange } from './changes.ts';
import { abandon, findOut, settleChange } from './find-out.ts';
import { isCheckedOut } from './queue.ts';
import { firstUseOf, openTarget, readProof, type TargetSystem } from './target-system.ts';

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

/** The new secret and the row that says so, in one transaction. */
const writeDown = async (
  parts: ChangeParts,
  { credentialId, jobId, author, heedsCheckouts = false }: ChangeOrder,
): Promise<{ readonly target: TargetSystem; readonly change: Change } | Outcome> => {
  const { database, envelope, clock, worker } = parts;
  return await database.system(async (tx) => {
    await lockCredential(tx, credentialId);
    // Under the lock of check-outs: whoever gets it behind this finds the change.
    if (heedsCheckouts && (await isCheckedOut(tx, credentialId, clock.now()))) return { state: 'checked out' };
    const target = await openTarget(tx, envelope, credentialId, firstUseOf(parts, author));
    const platform = platformOf(parts, target);
    platform.checkAccount(target.account);
    // Nobody who could change it: then nothing is written.
    target.by();
    const at = clock.now();
    const secret = await parts.newSecret(tx, target.credential);
    const nextSecretId = await putSecret(tx, envelope, { secret, place: placeOf(credentialId), at });
    const previousSecretId = target.credential.secretId;
    if (!(await insertChange(tx, { credentialId, jobId, nextSecretId, previousSecretId, author, worker }, at))) {
      await deleteSecrets(tx, [nextSecretId]);
      return { state: 'busy' };
    }
    await parts.audit.write(tx, author, {
      ...{ event: 'EVENT_ID_JOB_STARTING_PASSWORD_CHANGE_ON_SYSTEM', target: target.credential.systemName },
      ...{ message: `starting password change for ${wordsOf(target.credential)}`, arguments: { job: jobId } },
    });
    const change: Change = {
      ...{ credentialId, jobId, nextSecretId, previousSecretId, author, state: 'written', attempt: 0 },
    };
    return { target, change };
  });
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
    await database.system(async (tx) => {
      if (await isStillCurrent(tx, credential))
        await makeCurrent(tx, { credentialId, secretId, at: clock.now(), isVerified: true });
    });
    return;
  }
};

const step = async ({ database, clock, worker }: ChangeParts, credentialId: string, to: Pick<Change, 'state'>) => {
  const isMine = await database.system((tx) => moveChange(tx, { credentialId, worker }, to, clock.now()));
  if (!isMine) throw lost(credentialId);
};

const unchanged = (error: unknown): Outcome => ({ state: 'unchanged', fault: toFault(error) });
