import { newId, systemClock } from '@gatehouse/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { insertChange, isBeingChanged, takeChange } from './changes.ts';
import { createSpin } from './door.ts';
import { beginDue, claimTarget, reclaim, settleTarget } from './queue.ts';
import { credentialOf, keep } from './testing/bench.ts';

/** A vault whose clock is a day ahead, and put right. */
let vault: TestVault;
beforeAll(async () => {
  vault = await testVault({ role: 'web' });
});
afterAll(() => vault?.close());

const author = { name: 'test', impersonator: null, address: null, through: 'vault', correlationId: 'c-1' } as const;
const [one, two] = [newId<string>(), newId<string>()];
const [right, ahead] = [new Date(), new Date(Date.now() + 86_400_000)];
const account = () =>
  keep(vault, {
    system: { kind: 'linux', address: '127.0.0.1', port: 9, trust: [] },
    ...{ type: 'linux', namespace: '[Linux]', accountName: 'root', secret: 'planted-of-a-test' },
  });

test('a change that was made due a day ahead is due, and one that waited for its next attempt goes on', async () => {
  const credential = await credentialOf(vault, (await account()).credentialId);
  const clock = { ...systemClock, now: () => ahead };
  await vault.database.system((tx) => createSpin(tx, { clock }, { credential, comment: 'a test', by: author }));
  const claim = (at: Date) =>
    vault.database.system(async (tx) => {
      await reclaim(tx, at);
      await beginDue(tx, at);
      return claimTarget(tx, one, at);
    });
  const first = await claim(right);
  expect(first).toMatchObject({ credentialId: credential.credentialId, attempt: 1 });
  if (first === null) throw new Error('nothing was due');
  const nextAttemptAt = new Date(ahead.getTime() + 30_000);
  const later = { state: 'waiting', message: 'again', nextAttemptAt, counts: true } as const;
  await vault.database.system((tx) => settleTarget(tx, first, one, later, ahead));
  expect(await claim(right)).toMatchObject({ credentialId: credential.credentialId, attempt: 2 });
  // Whoever had claimed it died while the clock was ahead.
  await vault.database.system((tx) => settleTarget(tx, first, one, { ...later, nextAttemptAt: right }, right));
  expect(await claim(ahead)).toMatchObject({ attempt: 3 });
  expect(await claim(right)).toMatchObject({ attempt: 4 });
});

test('a change under way is taken over from a worker that died while the clock was ahead, and by nobody from themselves', async () => {
  const { credentialId } = await account();
  const { secretId } = await credentialOf(vault, credentialId);
  const change = { credentialId, jobId: null, nextSecretId: secretId ?? '', previousSecretId: secretId, author };
  await vault.database.system((tx) => insertChange(tx, { ...change, worker: one }, ahead));
  const take = (worker: string, at: Date) =>
    vault.database.system((tx) => takeChange(tx, { credentialId, worker }, at));
  const isBusy = (at: Date) => vault.database.system((tx) => isBeingChanged(tx, credentialId, at));
  expect([await isBusy(ahead), await isBusy(right)]).toEqual([true, false]);
  for (const at of [right, ahead, new Date(ahead.getTime() + 86_400_000)]) expect(await take(one, at)).toBeNull();
  expect(await take(two, ahead)).toBeNull();
  expect(await take(two, right)).toMatchObject({ credentialId, attempt: 1 });
});
