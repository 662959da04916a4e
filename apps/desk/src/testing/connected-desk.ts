import { permissions } from '@gatehouse/desks/builtin/api';
import type { Json } from '@gatehouse/kernel';
import { ok, testClient } from '@gatehouse/server/testing';
import type { TestDesk } from './test-desk.ts';

/** A connection of the desk program to a desk, by default its own, and to a site that exists already. */
export interface Connected {
  readonly siteId: string;
  readonly connectionId: string;
  readonly eventsUrl: string;
  /** A technician of the desk. */
  readonly technician: Awaited<ReturnType<TestDesk['person']>>;
  /** Makes a key for a ticket by its number. */
  key(number: string, assignment?: object): Promise<{ readonly key: string; readonly url: string }>;
  /** Notes of a case of the built-in desk, as an account sees them. */
  notes(number: string): Promise<readonly { title: string; html: string; visibility: string }[]>;
  /** What the desk knows of a session. */
  detail(lsid: string): Promise<Record<string, Json>>;
}

const settingsOf = (url: string, token: string) => ({
  ...{ url, token, table: 'support' },
  fields: {
    ...{ sessionIds: 'Session IDs', sessionKey: 'Session key', sessionUrl: 'Session URL' },
    ...{ sessionKeyExpires: 'Session key expires', lastSessionStatus: 'Status of the last session' },
    ...{ lastSessionEnd: 'End of the last session', surveyRating: 'Rating of the survey' },
    jumpSearch: 'Jump Client search criteria',
  },
});

interface Site {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Tells a running desk program of a site, and connects it to its own desk. */
export const connectBuiltin = async (
  { url, operator }: Pick<TestDesk, 'url' | 'operator'>,
  site: Site,
  connection: object = {},
): Promise<Pick<Connected, 'siteId' | 'connectionId' | 'eventsUrl'> & { readonly token: string }> => {
  const { clientId, clientSecret } = site;
  const made = await ok(operator.post('/api/sites', { name: 'Support', url: site.url, clientId, clientSecret }));
  const { siteId } = made.body;
  const account = await ok(operator.post('/api/accounts', { login: 'sessions', permissions: [...permissions] }));
  const { token } = account.body;
  const connected = await ok(
    operator.post('/api/connections', {
      ...{ name: 'Cases', desk: 'builtin', siteId, senders: ['127.0.0.1', '::1'] },
      ...{ settings: settingsOf(url, token), assignment: { to: 'general' }, ...connection },
    }),
  );
  const { connectionId, eventsUrl } = connected.body;
  return { siteId, connectionId, eventsUrl, token };
};

export const connectDesk = async (desk: TestDesk, site: Site, connection: object = {}): Promise<Connected> => {
  const { token, ...connected } = await connectBuiltin(desk, site, connection);
  const { connectionId } = connected;
  const account = testClient(desk.url, { authorization: `Bearer ${token}` });
  const technician = await desk.person('technician');
  return {
    ...{ ...connected, technician },
    async key(number, assignment) {
      const body = assignment === undefined ? {} : { assignment: JSON.parse(JSON.stringify(assignment)) };
      return (await ok(technician.post(`/api/connections/${connectionId}/tickets/${number}/key`, body))).body;
    },
    notes: async (number) => (await ok(account.get(`/api/desk/v1/cases/${number}/notes`))).body.notes,
    detail: async (lsid) => (await technician.get(`/api/support-sessions/${connectionId}/${lsid}`)).body,
  };
};
