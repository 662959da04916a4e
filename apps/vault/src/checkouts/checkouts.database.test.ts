import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Acting } from '../acting.ts';
import { type Sample, sampleVault } from '../testing/sample.ts';
import { checkInLease, checkOut, endCheckout, listCheckouts, sweepCheckouts } from './index.ts';

let vault: Sample;
beforeAll(async () => {
  vault = await sampleVault();
});
afterAll(() => vault.close());

const never = new AbortController().signal;
const out = async (acting: Acting, credentialId: string, more: { leaseId?: string; minutes?: number } = {}) => {
  const { leaseId = null, minutes = null } = more;
  const subject = await vault.subject(credentialId);
  return vault.database.system((tx) =>
    checkOut(tx, vault.parts, acting, { subject, comment: 'because', minutes, leaseId }),
  );
};
const checkIn = (acting: Acting, leaseId: string) =>
  vault.database.system((tx) => checkInLease(tx, vault.parts, vault.jobs, acting, leaseId));
const end = (checkoutId: string, by: Acting['by'], endedBy: 'check-in' | 'administrator' = 'check-in') =>
  vault.database.system((tx) => endCheckout(tx, vault.parts, vault.jobs, { checkoutId, endedBy, by }));
const open = (credentialId: string) =>
  vault.database.system((tx) =>
    listCheckouts(tx, sql`o.credential_id = ${credentialId} and o.checked_in_at is null`, 100),
  );
const refusal = (code: string) => ({ name: 'Refusal', code });

let made = 0;
/** An account with identities that hold these rights on it. */
const account = async (...rights: readonly Parameters<Sample['delegate']>[2][]) => {
  const number = ++made;
  const credentialId = await vault.account({ system: `host${number}`, account: 'root', autoSpin: true });
  const identities = await Promise.all(rights.map((_, at) => vault.identity(`NS\\p${number}-${at}`, 'domain_user')));
  await Promise.all(identities.map((identityId, at) => vault.delegate(identityId, credentialId, rights[at] ?? {})));
  return { credentialId, identities, host: `host${number}` };
};
const first = (identities: readonly string[], at = 0) => identities[at] ?? '';

test.each([
  ['view passwords', { viewPasswords: true }, false, null],
  ['remote sessions, through a program that acts in the name', { remoteSessions: true }, true, null],
  ['remote sessions, by oneself', { remoteSessions: true }, false, 'not_permitted'],
  ['spin', { spin: true }, false, 'not_permitted'],
  ['spin, through a program', { spin: true }, true, 'not_permitted'],
  ['view accounts', { viewAccounts: true }, false, 'not_permitted'],
  ['request passwords', { requestPasswords: true }, false, 'approval_needed'],
  ['grant requests', { grantRequests: true }, false, 'not_found'],
  ['nothing', {}, false, 'not_found'],
] as const)('the right to %s decides over a check-out', async (_, rights, impersonated, refused) => {
  const { credentialId, identities } = await account(rights);
  const program = impersonated ? await vault.identity(`program-${made}`) : undefined;
  const asked = out(await vault.as(first(identities), program), credentialId);
  if (refused) await expect(asked).rejects.toMatchObject(refusal(refused));
  else expect((await asked).secret.reveal()).toBe('Tr0ub4dor');
});

test('All Access is enough, and gives no spin', async () => {
  const { credentialId } = await account();
  const admin = await vault.identity('all-access');
  await vault.permit(admin, { allAccess: true });
  await expect(out(await vault.as(admin), credentialId)).resolves.toBeDefined();
});

test('of two at once for one account exactly one gets it, however often they try', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true }, { viewPasswords: true });
  for (let round = 0; round < 5; round++) {
    const acting = await Promise.all(identities.map((identityId) => vault.as(identityId)));
    const both = await Promise.allSettled(acting.map((one) => out(one, credentialId, { leaseId: newId<string>() })));
    const [won] = both.filter((one) => one.status === 'fulfilled');
    const [lost] = both.filter((one) => one.status === 'rejected');
    expect(lost?.reason).toMatchObject(refusal('checked_out'));
    expect(await open(credentialId)).toHaveLength(1);
    if (won) await end(won.value.checkout.checkoutId, (await vault.as(first(identities))).by);
  }
});

test('whoever has it meanwhile is named to holders of All Access alone', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true }, { viewPasswords: true });
  await out(await vault.as(first(identities)), credentialId);
  const other = await out(await vault.as(first(identities, 1)), credentialId).catch((error) => error);
  expect(other.message).toMatch(/^Somebody else has this password since .*Z and until .*Z at most\.$/);
  const admin = await vault.identity(`admin-${made}`);
  await vault.permit(admin, { allAccess: true });
  const told = await out(await vault.as(admin), credentialId).catch((error) => error);
  expect(told.message).toContain(`NS\\p${made}-0 has this password`);
});

test('Ignore Password Checkout counts through the web services alone, also that of a program for whom it acts', async () => {
  const { credentialId, identities } = await account(
    { viewPasswords: true },
    { viewPasswords: true },
    { remoteSessions: true },
  );
  await out(await vault.as(first(identities)), credentialId);
  const program = await vault.identity(`ecm-${made}`);
  const plain = await vault.identity(`plain-${made}`);
  await vault.permit(program, { allAccess: true, ignorePasswordCheckout: true });
  await expect(out(await vault.as(program, undefined, 'pages'), credentialId)).rejects.toMatchObject(
    refusal('checked_out'),
  );
  await expect(out(await vault.as(first(identities, 2), plain), credentialId)).rejects.toMatchObject(
    refusal('checked_out'),
  );
  const besides = await out(await vault.as(first(identities, 2), program), credentialId, { leaseId: `lease-${made}` });
  expect(besides.checkout.isExclusive).toBe(false);
  expect(await open(credentialId)).toHaveLength(2);
  // The person's own permission would not do: somebody who is not a program gets in nobody's way.
  await expect(out(await vault.as(first(identities, 1)), credentialId)).rejects.toMatchObject(refusal('checked_out'));
});

test('one lease asked for many times at once is one check-out, and gives its password each time', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true });
  const acting = await vault.as(first(identities));
  const all = await Promise.all(Array.from({ length: 6 }, () => out(acting, credentialId, { leaseId: 'same' })));
  expect(new Set(all.map(({ checkout }) => checkout.checkoutId)).size).toBe(1);
  expect(all.every(({ secret }) => secret.reveal() === 'Tr0ub4dor')).toBe(true);
  expect(await open(credentialId)).toHaveLength(1);
});

test('a lease that was given back is given to nobody again, nor one that was given back before it was asked for', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true });
  const acting = await vault.as(first(identities));
  await out(acting, credentialId, { leaseId: 'once' });
  expect((await checkIn(acting, 'once'))?.jobId).toBeGreaterThan(0);
  expect(await checkIn(acting, 'once')).toMatchObject({ jobId: null, checkout: { endedBy: 'check-in' } });
  await expect(out(acting, credentialId, { leaseId: 'once' })).rejects.toMatchObject(refusal('invalid'));
  expect(await checkIn(acting, 'too-early')).toBeNull();
  await expect(out(acting, credentialId, { leaseId: 'too-early' })).rejects.toMatchObject(refusal('invalid'));
  expect(await open(credentialId)).toHaveLength(0);
});

test('check-out and check-in of one lease at once leave nothing checked out', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true });
  const acting = await vault.as(first(identities));
  for (let round = 0; round < 8; round++) {
    const leaseId = `crossed-${round}`;
    await Promise.allSettled([out(acting, credentialId, { leaseId }), checkIn(acting, leaseId)]);
    await expect(out(acting, credentialId, { leaseId })).rejects.toMatchObject(refusal('invalid'));
    expect(await open(credentialId)).toHaveLength(0);
  }
});

test('a lease is about one account and one program', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true });
  const other = await account({});
  await vault.delegate(first(identities), other.credentialId, { viewPasswords: true });
  const acting = await vault.as(first(identities));
  await out(acting, credentialId, { leaseId: 'mine' });
  await expect(out(acting, other.credentialId, { leaseId: 'mine' })).rejects.toMatchObject(refusal('invalid'));
  const program = await vault.identity(`another-${made}`);
  const byAnother = out(await vault.as(first(identities), program), credentialId, { leaseId: 'mine' });
  await expect(byAnother).rejects.toMatchObject(refusal('invalid'));
});

test('rights that were taken away end the repetition of a lease, and not its check-in', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true });
  const acting = await vault.as(first(identities));
  await out(acting, credentialId, { leaseId: 'lost' });
  await vault.delegate(first(identities), credentialId, {});
  await expect(out(acting, credentialId, { leaseId: 'lost' })).rejects.toMatchObject(refusal('not_found'));
  expect(await checkIn(acting, 'lost')).toMatchObject({ checkout: { endedBy: 'check-in' } });
});

test('an account of one person in two sessions is changed when the last one ends, under the id of that session', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true });
  const [one, two] = [await vault.as(first(identities)), await vault.as(first(identities))];
  await out(one, credentialId, { leaseId: 'one' });
  await out(two, credentialId, { leaseId: 'two' });
  expect((await checkIn(one, 'one'))?.jobId).toBeNull();
  const { jobId } = (await checkIn(two, 'two')) ?? {};
  expect(vault.spun.at(-1)).toMatchObject({ jobId, credentialId, by: { correlationId: two.by.correlationId } });
});

test('what is over is checked in by sweeps, once, however many run at once and in whichever process', async () => {
  const many = await Promise.all(Array.from({ length: 6 }, () => account({ viewPasswords: true })));
  const correlations: string[] = [];
  for (const { credentialId, identities } of many) {
    const acting = await vault.as(first(identities));
    correlations.push(acting.by.correlationId);
    await out(acting, credentialId, { minutes: 5 });
  }
  expect(await sweepCheckouts(vault.parts, vault.jobs, never)).toBe(0);
  vault.later(6);
  const spun = vault.spun.length;
  const another = await vault.another({ clock: vault.parts.clock, role: 'worker' });
  const ended = await Promise.all(
    [vault.parts, another.parts, vault.parts].map((parts) => sweepCheckouts(parts, vault.jobs, never)),
  );
  // The other process has a sweep of its own besides.
  expect(ended.reduce((a, b) => a + b)).toBeLessThanOrEqual(many.length);
  for (const { credentialId } of many) expect(await open(credentialId)).toHaveLength(0);
  const written = (await vault.audit()).filter(({ correlationId }) => correlations.includes(correlationId));
  expect(written.filter(({ eventId }) => eventId === 2004)).toHaveLength(many.length);
  expect(vault.spun.length - spun).toBeLessThanOrEqual(many.length);
});

test('a check-out that is over keeps nobody out, though no sweep has met it', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true }, { viewPasswords: true });
  await out(await vault.as(first(identities)), credentialId, { minutes: 5, leaseId: 'short' });
  vault.later(6);
  await expect(out(await vault.as(first(identities)), credentialId, { leaseId: 'short' })).rejects.toMatchObject(
    refusal('invalid'),
  );
  await expect(out(await vault.as(first(identities, 1)), credentialId)).resolves.toBeDefined();
  expect(await open(credentialId)).toHaveLength(1);
});

test('expiry, check-in and a next check-out at once end the first one once and leave one', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true }, { viewPasswords: true });
  const acting = await vault.as(first(identities));
  const next = await vault.as(first(identities, 1));
  await out(acting, credentialId, { minutes: 5, leaseId: 'raced' });
  vault.later(6);
  await Promise.all([
    sweepCheckouts(vault.parts, vault.jobs, never),
    checkIn(acting, 'raced'),
    out(next, credentialId, { leaseId: 'next' }),
  ]);
  expect(await open(credentialId)).toMatchObject([{ leaseId: 'next' }]);
  const ends = (await vault.audit()).filter(
    ({ eventId, correlationId }) => [2003, 2004].includes(eventId) && correlationId === acting.by.correlationId,
  );
  expect(ends).toHaveLength(1);
});

test('an administrator ends a check-out of somebody else, and all of it stands in the audit under one id', async () => {
  const { credentialId, identities, host } = await account({ viewPasswords: true });
  const acting = await vault.as(first(identities));
  const { checkout } = await out(acting, credentialId);
  const by = { ...acting.by, name: 'Ada <ada@example.com>', through: 'pages', correlationId: 'another' } as const;
  await end(checkout.checkoutId, by, 'administrator');
  expect(await end(checkout.checkoutId, by, 'administrator')).toMatchObject({ jobId: null });
  const written = (await vault.audit()).filter(({ correlationId }) => correlationId === acting.by.correlationId);
  expect(written.map(({ eventId, message }) => [eventId, message])).toEqual([
    [2002, `checked-out password for (${host})'[Linux]\\root'`],
    [2003, `checked-in password for (${host})'[Linux]\\root'`],
    [3018, `checked-in password for (${host})'[Linux]\\root'`],
  ]);
  expect(vault.spun.at(-1)?.by.correlationId).toBe(acting.by.correlationId);
});

test('a check-out lasts two hours where nobody says, and a day at most', async () => {
  const { credentialId, identities } = await account({ viewPasswords: true });
  const acting = await vault.as(first(identities));
  const lasts = async (leaseId: string, minutes?: number) => {
    const { checkout } = await out(acting, credentialId, { leaseId, ...(minutes && { minutes }) });
    return (checkout.expiresAt.getTime() - checkout.checkedOutAt.getTime()) / 60_000;
  };
  expect([await lasts('a'), await lasts('b', 7), await lasts('c', 100_000)]).toEqual([120, 7, 1_440]);
});
