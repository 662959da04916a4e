import { randomUUID } from 'node:crypto';
import { ok, type TestClient, testClient } from '@gatehouse/server/testing';
import { type Program, signIn } from './programs.ts';

/** Settings of a site whose customers each have an address of their own, as the proxy says. */
export const behindProxy = { GATEHOUSE_TRUST_PROXY: '127.0.0.1' } as const;

const rights = { perm_support_allowed: true, perm_generate_session_key: true, perm_accept_general_sessions: true };

/** Somebody who helps everybody here, and whose console is open. */
export const openRepresentative = async (site: Program): Promise<TestClient> => {
  const person = await signIn(site);
  const { body: found } = await ok(site.operator.get('/api/users?search=ada'));
  const policy = { name: 'Support', access_perm_status: 'defined', ...rights };
  const { body: made } = await ok(site.operator.post('/api/group-policies', policy));
  const member = { security_provider_id: 1, user_id: found.items[0].id };
  await ok(site.operator.post(`/api/group-policies/${made.id}/members`, member));
  await ok(person.ask('PUT', `/api/support/consoles/${randomUUID().replaceAll('-', '')}`, { body: {} }));
  return person;
};

export interface SupportSession {
  readonly customer: TestClient;
  /** Headers of the customer: one address is allowed so much. */
  readonly forwarded: Record<string, string>;
  readonly lsid: string;
}

/** A customer who came with a key, and the representative with them. `number` tells customers apart. */
export const openSupportSession = async (
  { url }: Program,
  representative: TestClient,
  number: number,
): Promise<SupportSession> => {
  const forwarded = { 'x-forwarded-for': `198.51.${Math.floor(number / 250)}.${number % 250}` };
  const { body: key } = await ok(representative.post('/api/support/session-keys', { queue: 'general' }));
  const customer = testClient(url, forwarded);
  await ok(customer.post('/api/portal/sessions', { key: key.key, name: `Carol ${number}`, agreed: true }));
  const { body: queue } = await ok(representative.get('/api/support/sessions'));
  const lsid: string = queue.items[0].lsid;
  await ok(representative.post(`/api/support/sessions/${lsid}/join`, {}));
  return { customer, forwarded, lsid };
};
