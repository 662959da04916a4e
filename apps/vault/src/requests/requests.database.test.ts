import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Acting } from '../acting.ts';
import { checkInLease, checkOut, endCheckout, sweepCheckouts } from '../checkouts/index.ts';
import { type Sample, sampleVault } from '../testing/sample.ts';
import { askForPassword, decideRequest, getRequest, type RequestPurpose } from './index.ts';

let vault: Sample;
beforeAll(async () => {
  vault = await sampleVault();
});
afterAll(() => vault.close());

let made = 0;
/** An account, somebody who may ask for it, and somebody who may grant it. */
const setting = async () => {
  const number = ++made;
  const credentialId = await vault.account({ system: `host${number}`, account: 'root', autoSpin: true });
  const asker = await vault.identity(`NS\\asker${number}`, 'domain_user');
  const granter = await vault.identity(`NS\\granter${number}`, 'domain_user');
  await vault.delegate(asker, credentialId, { requestPasswords: true });
  await vault.delegate(granter, credentialId, { grantRequests: true });
  return { credentialId, asker, granter };
};
const ask = async (
  acting: Acting,
  credentialId: string,
  { leaseId = null, purpose = 'use' }: { leaseId?: string | null; purpose?: RequestPurpose } = {},
) => {
  const subject = await vault.subject(credentialId);
  if (subject.kind !== 'stored') throw new Error('An account was made.');
  const { credential } = subject;
  return vault.database.system((tx) =>
    askForPassword(tx, vault.parts, acting, { credential, purpose, leaseId, comment: 'ticket 4711', minutes: 30 }),
  );
};
const decide = (acting: Acting, requestId: string, state: 'granted' | 'denied' = 'granted') =>
  vault.database.system((tx) => decideRequest(tx, vault.parts, acting, { requestId, state, comment: 'fine' }));
const stateOf = async (acting: Acting, requestId: string) =>
  (await vault.database.system((tx) => getRequest(tx, vault.parts, acting, requestId))).request.state;
const out = async (acting: Acting, credentialId: string, leaseId: string | null = null) => {
  const subject = await vault.subject(credentialId);
  return vault.database.system((tx) =>
    checkOut(tx, vault.parts, acting, { subject, comment: '', minutes: null, leaseId }),
  );
};
const refusal = (code: string) => ({ name: 'Refusal', code });

test('what was granted is used once, for as long as was asked for, under one id from the request to the rotation', async () => {
  const { credentialId, asker, granter } = await setting();
  const acting = await vault.as(asker);
  const request = await ask(acting, credentialId);
  await expect(out(acting, credentialId)).rejects.toMatchObject({
    code: 'approval_needed',
    members: { PasswordRequestID: request.requestId },
  });
  await decide(await vault.as(granter), request.requestId);
  const { checkout } = await out(await vault.as(asker), credentialId);
  expect(checkout.expiresAt.getTime() - checkout.checkedOutAt.getTime()).toBe(30 * 60_000);
  expect(await stateOf(acting, request.requestId)).toBe('used');
  // The same check-out once more, and then none.
  expect((await out(await vault.as(asker), credentialId)).checkout.checkoutId).toBe(checkout.checkoutId);
  await vault.database.system((tx) =>
    endCheckout(tx, vault.parts, vault.jobs, { checkoutId: checkout.checkoutId, endedBy: 'check-in', by: acting.by }),
  );
  await expect(out(acting, credentialId)).rejects.toMatchObject({ code: 'approval_needed', members: {} });
  const { correlationId } = acting.by;
  const entries = (await vault.audit()).filter((entry) => entry.correlationId === correlationId);
  expect(entries.map(({ eventId }) => eventId)).toEqual([9030, 9031, 2002, 9010, 2003]);
  expect(vault.spun.at(-1)?.by.correlationId).toBe(correlationId);
});

test('nobody grants their own: not with the right, not as a global approver, not through a program, not by another name', async () => {
  const { credentialId, asker, granter } = await setting();
  const program = await vault.identity(`program${made}`);
  await vault.delegate(asker, credentialId, { requestPasswords: true, grantRequests: true });
  await vault.permit(asker, { globalApprover: true });
  const request = await ask(await vault.as(asker, program), credentialId);
  const deciders = [await vault.as(asker), await vault.as(asker, program), await vault.as(granter, program)];
  for (const decider of deciders)
    await expect(decide(decider, request.requestId)).rejects.toMatchObject(refusal('not_permitted'));
  await vault.delegate(program, credentialId, { grantRequests: true });
  await expect(decide(await vault.as(program), request.requestId)).rejects.toMatchObject(refusal('not_permitted'));
  expect(await stateOf(await vault.as(granter), request.requestId)).toBe('pending');
});

test('a global approver grants what a program asked for in a name, also through that program, and sees no password', async () => {
  const { credentialId, asker } = await setting();
  const [program, approver] = [await vault.identity(`ecm${made}`), await vault.identity(`approver${made}`)];
  await vault.permit(approver, { globalApprover: true });
  const request = await ask(await vault.as(asker, program), credentialId);
  const acting = await vault.as(approver, program);
  expect(await decide(acting, request.requestId)).toMatchObject({ state: 'granted', decidedBy: `approver${made}` });
  await expect(out(acting, credentialId)).rejects.toMatchObject(refusal('not_found'));
});

test('who neither asked nor may grant learns nothing of a request', async () => {
  const { credentialId, asker } = await setting();
  const request = await ask(await vault.as(asker), credentialId);
  const stranger = await vault.as(await vault.identity(`stranger${made}`));
  const unknown = await decide(stranger, '00000000-0000-4000-8000-000000000000').catch((error) => error);
  const hidden = await decide(stranger, request.requestId).catch((error) => error);
  expect([hidden.code, hidden.message]).toEqual([unknown.code, unknown.message]);
});

test('a denied request opens nothing, and what is decided stays so', async () => {
  const { credentialId, asker, granter } = await setting();
  const request = await ask(await vault.as(asker), credentialId);
  const by = await vault.as(granter);
  await decide(by, request.requestId, 'denied');
  await expect(decide(by, request.requestId)).rejects.toMatchObject(refusal('conflict'));
  expect(await decide(by, request.requestId, 'denied')).toMatchObject({ state: 'denied' });
  await expect(out(await vault.as(asker), credentialId)).rejects.toMatchObject(refusal('approval_needed'));
});

test('of a grant and a denial at once one counts', async () => {
  const { credentialId, asker, granter } = await setting();
  const request = await ask(await vault.as(asker), credentialId);
  const by = await vault.as(granter);
  const both = await Promise.allSettled([decide(by, request.requestId), decide(by, request.requestId, 'denied')]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('one grant that two check-outs race for is used once', async () => {
  const { credentialId, asker, granter } = await setting();
  const request = await ask(await vault.as(asker), credentialId);
  await decide(await vault.as(granter), request.requestId);
  const acting = await vault.as(asker);
  const both = await Promise.allSettled([out(acting, credentialId, 'left'), out(acting, credentialId, 'right')]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('what nobody decides, and what nobody uses, ends by itself', async () => {
  const { credentialId, asker, granter } = await setting();
  const acting = await vault.as(asker);
  const pending = await ask(acting, credentialId);
  vault.later(1_441);
  expect(await stateOf(acting, pending.requestId)).toBe('expired');
  await expect(decide(await vault.as(granter), pending.requestId)).rejects.toMatchObject(refusal('conflict'));
  const granted = await ask(acting, credentialId);
  expect(granted.requestId).not.toBe(pending.requestId);
  await decide(await vault.as(granter), granted.requestId);
  vault.later(241);
  await expect(out(acting, credentialId)).rejects.toMatchObject({ code: 'approval_needed', members: {} });
  await sweepCheckouts(vault.parts, null, new AbortController().signal);
  expect(await stateOf(acting, granted.requestId)).toBe('expired');
});

test('asked again under one lease it is the same request, and the end of the lease takes it back', async () => {
  const { credentialId, asker, granter } = await setting();
  const acting = await vault.as(asker);
  const all = await Promise.all(Array.from({ length: 4 }, () => ask(acting, credentialId, { leaseId: 'l' })));
  expect(new Set(all.map(({ requestId }) => requestId)).size).toBe(1);
  const [{ requestId } = { requestId: '' }] = all;
  await decide(await vault.as(granter), requestId);
  // It is for that lease, and not for another one.
  await expect(out(acting, credentialId, 'another')).rejects.toMatchObject(refusal('approval_needed'));
  await vault.database.system((tx) => checkInLease(tx, vault.parts, vault.jobs, acting, 'l'));
  expect(await stateOf(acting, requestId)).toBe('withdrawn');
  await expect(out(acting, credentialId, 'l')).rejects.toMatchObject(refusal('invalid'));
});

test('what is to be seen on a page is granted by another person, never by a program', async () => {
  const { credentialId, asker, granter } = await setting();
  await vault.delegate(asker, credentialId, { viewPasswords: true });
  const request = await ask(await vault.as(asker, undefined, 'pages'), credentialId, { purpose: 'reveal' });
  const approver = await vault.identity(`robot${made}`);
  await vault.permit(approver, { globalApprover: true });
  await expect(decide(await vault.as(approver), request.requestId)).rejects.toMatchObject(refusal('not_found'));
  await expect(decide(await vault.as(granter), request.requestId)).rejects.toMatchObject(refusal('not_found'));
  await expect(decide(await vault.as(granter, undefined, 'pages'), request.requestId)).resolves.toBeDefined();
});

test('who may only see an account, or not even that, asks for nothing', async () => {
  const { credentialId } = await setting();
  const viewer = await vault.identity(`viewer${made}`);
  await vault.delegate(viewer, credentialId, { viewAccounts: true });
  await expect(ask(await vault.as(viewer), credentialId)).rejects.toMatchObject(refusal('not_permitted'));
  const stranger = await vault.identity(`nobody${made}`);
  await expect(ask(await vault.as(stranger), credentialId)).rejects.toMatchObject(refusal('not_found'));
});
