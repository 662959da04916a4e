import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHost } from '@gatehouse/host';
import type { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { readCurrentSecret } from '../../credentials/index.ts';
import type { TestVault } from '../../testing/test-vault.ts';
import { type ChangeParts, platformOf, type Step } from '../change-parts.ts';
import { changeSecret } from '../change-secret.ts';
import { settleChange } from '../find-out.ts';
import { firstUseOf, openTarget, toProof } from '../target-system.ts';
import { changeParts, credentialOf } from './bench.ts';

const main = join(import.meta.dirname, 'change-process.ts');
const signal = new AbortController().signal;
const author = { name: 'test', impersonator: null, address: null, through: 'vault', correlationId: 'c-1' } as const;

/** A change by a process of its own that ends there, as by a power cut. */
export const cutOff = async (
  vault: TestVault,
  credentialId: string,
  step: Step,
  addresses: readonly string[] = [],
): Promise<void> => {
  const ended = await promisify(execFile)(process.execPath, [main, vault.home, credentialId, step], {
    env: {
      ...{ ...process.env, DATABASE_URL: vault.test.url, NODE_NO_WARNINGS: '1' },
      TARGET_ADDRESSES: addresses.join(','),
    },
  }).catch((error: unknown) => error);
  expect(ended).toMatchObject({ signal: 'SIGKILL' });
};

/** As workers do that find the change some time later, until its end is known. */
export const settleInTime = async (vault: TestVault, parts: ChangeParts, credentialId: string): Promise<void> => {
  for (let look = 0; look < 6; look++) {
    await sql`update changes set alive_at = 'epoch', next_attempt_at = null where credential_id = ${credentialId}`.execute(
      vault.database.owner,
    );
    const outcome = await settleChange(parts, credentialId, signal);
    if (outcome.state !== 'unknown') return;
  }
};

export const currentOf = async (vault: TestVault, credentialId: string): Promise<Secret> => {
  const credential = await credentialOf(vault, credentialId);
  return vault.database.system((tx) => readCurrentSecret(tx, vault.parts.envelope, credential));
};

/** Whether this secret lets somebody in, by really trying. */
export const letsIn = async (
  vault: TestVault,
  credentialId: string,
  secret: Secret,
  parts: ChangeParts = changeParts(vault),
): Promise<boolean> => {
  const target = await vault.database.system((tx) =>
    openTarget(tx, vault.parts.envelope, credentialId, firstUseOf(vault.parts, author)),
  );
  const proof = toProof(target.credential, secret);
  return await platformOf(parts, target).verify(target.system, target.account, proof, { host: createHost({ signal }) });
};

export const changeNow = (vault: TestVault, credentialId: string, parts: ChangeParts = changeParts(vault)) =>
  changeSecret(parts, { credentialId, jobId: null, author, signal });

export const countChanges = async (vault: TestVault): Promise<number> =>
  (await sql`select 1 from changes`.execute(vault.database.owner)).rows.length;

/** After a cut: one secret works, and no other where the system is so quick, the vault knows which, nothing is left, and the next change goes through. */
export const expectNothingLost = async (
  vault: TestVault,
  credentialId: string,
  first: Secret,
  { parts = changeParts(vault), oldMayWork = false }: { parts?: ChangeParts; oldMayWork?: boolean } = {},
): Promise<void> => {
  await settleInTime(vault, parts, credentialId);
  const current = await currentOf(vault, credentialId);
  expect(await letsIn(vault, credentialId, current, parts), 'the current secret works').toBe(true);
  if (current.reveal() !== first.reveal() && !oldMayWork)
    expect(await letsIn(vault, credentialId, first, parts), 'no other does').toBe(false);
  expect(await countChanges(vault)).toBe(0);
  expect(await changeNow(vault, credentialId, parts)).toEqual({ state: 'changed', caveat: null });
  expect(await letsIn(vault, credentialId, await currentOf(vault, credentialId), parts)).toBe(true);
  expect((await vault.parts.audit.verify(signal)).isWhole).toBe(true);
};
