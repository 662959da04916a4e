import { randomBytes } from 'node:crypto';
import type { Json } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { type SiteUser, type TestSite, testSite } from '../../testing/test-site.ts';
import { redeemKey } from '../keys/redeem.ts';

export interface Representative extends SiteUser {
  readonly username: string;
  /** A beat of the console, which `open` made. */
  beat(body?: Json): ReturnType<SiteUser['ask']>;
}

/** A site with two teams, an issue, two custom fields, and people of every kind of right. */
export interface Desk extends TestSite {
  readonly teams: { readonly network: number; readonly printers: number };
  /** May do what the policy says. */
  representative(rights: Readonly<Record<string, boolean>>, teams?: readonly number[]): Promise<Representative>;
  /** May do everything; the console is open. */
  readonly anna: Representative;
  key(
    fields?: object,
  ): Promise<{ readonly id: number; readonly key: string; readonly link: string; readonly text: string }>;
  redeem(key: string, address?: string): ReturnType<typeof redeemKey>;
  /** A session that waits, of a customer of this name. */
  wait(queue?: string, name?: string): Promise<string>;
}

const every = {
  ...{ perm_support_allowed: true, perm_generate_session_key: true, perm_accept_general_sessions: true },
  ...{ perm_accept_team_sessions: true, perm_transfer_other_team: true, perm_end_support_sessions: true },
};

export const openDesk = async (options: Parameters<typeof testSite>[0] = {}): Promise<Desk> => {
  const host = await testSite(options);
  const made = async (path: string, body: Json): Promise<number> => (await ok(host.operator.post(path, body))).body.id;
  const teams = {
    network: await made('/api/teams', { name: 'Network & <wires>' }),
    printers: await made('/api/teams', { name: 'Printers', code_name: 'printers' }),
  };
  await made('/api/support-issues', { description: 'Paper jam', team_id: teams.printers, priority: 1 });
  await made('/api/custom-fields', { display_name: 'Asset "tag" <&>', code_name: 'asset' });
  await made('/api/custom-fields', { display_name: 'Floor', shown_in_console: false });
  let policies = 0;
  const representative: Desk['representative'] = async (rights, member = []) => {
    const user = await host.person();
    policies += 1;
    const policy = { name: `Policy ${policies}`, access_perm_status: 'defined', ...rights };
    const id = await made('/api/group-policies', policy);
    await made(`/api/group-policies/${id}/members`, { security_provider_id: 1, user_id: user.userId });
    for (const team_id of member)
      await ok(host.operator.post(`/api/teams/${team_id}/users`, { user_id: user.userId, role: 'member' }));
    const clientId = randomBytes(16).toString('hex');
    const { username } = (await ok(host.operator.get(`/api/users/${user.userId}`))).body;
    return { ...user, username, beat: (body = {}) => user.ask('PUT', `/api/support/consoles/${clientId}`, { body }) };
  };
  const anna = await representative(every, [teams.printers]);
  await ok(anna.beat());
  const key: Desk['key'] = async (fields = {}) => {
    const { text, body } = await ok(anna.post('/api/support/session-keys', { queue: 'general', ...fields }));
    return { id: body.id, key: body.key, link: new URL(body.url).searchParams.get('ak') ?? '', text };
  };
  const redeem: Desk['redeem'] = (one, address = '192.0.2.1') =>
    redeemKey(host.site.support, by, one, address, { ...customer, name: 'Carol' });
  return {
    ...{ ...host, teams, representative, anna, key, redeem },
    wait: async (queue = 'general', name = 'Carol') => {
      const { key: short } = await key({ queue });
      return (await redeemKey(host.site.support, by, short, customer.address, { ...customer, name })).lsid;
    },
  };
};

const by = { principal: { kind: 'program', id: '1', name: 'Portal' }, correlationId: 'portal' } as const;
const customer = {
  company: 'Acme',
  issue: 'It beeps',
  hostname: 'pc1',
  operatingSystem: 'Windows',
  address: '192.0.2.9',
};
