import { ok } from '@gatehouse/server/testing';
import { openSupportDesk, type SupportDesk } from '@gatehouse/site/testing';
import type { DeskOptions } from '../start.ts';
import { type TestDesk, testDesk } from './test-desk.ts';

/** The desk program with its own desk, and a real site that tells it of sessions. */
export interface SupportedDesk {
  readonly desk: TestDesk;
  readonly site: SupportDesk;
  readonly siteId: string;
  readonly connectionId: string;
  readonly eventsUrl: string;
  /** A technician of the desk whose login is a representative of the site. */
  readonly technician: Awaited<ReturnType<TestDesk['person']>>;
  /** Makes a key for a case by its number, and resolves with it. */
  key(number: string, assignment?: object): Promise<{ readonly key: string; readonly url: string }>;
  /** Notes of a case, as an account sees them. */
  notes(number: string): Promise<readonly { title: string; html: string; visibility: string }[]>;
  close(): Promise<void>;
}

const settingsOf = (url: string, token: string) => ({
  ...{ url, token, table: 'support' },
  fields: {
    ...{ sessionIds: 'Session IDs', sessionKey: 'Session key', sessionUrl: 'Session URL' },
    ...{ sessionKeyExpires: 'Session key expires', lastSessionStatus: 'Status of the last session' },
    ...{ lastSessionEnd: 'End of the last session', surveyRating: 'Rating of the survey' },
  },
});

export const supportedDesk = async (
  connection: object = {},
  options: Partial<DeskOptions> = {},
): Promise<SupportedDesk> => {
  const site = await openSupportDesk({ allowPrivateWebhooks: true, outboundPace: { everyMs: 50 } });
  const desk = await testDesk({ workMs: 50, reconcileMs: 3_600_000, ...options });
  const { operator } = desk;
  const program = await site.account({ perm_command: 'full_access', perm_reporting_support: true });
  const made = await ok(
    operator.post('/api/sites', {
      ...{ name: 'Support', url: site.url, clientId: program.clientId, clientSecret: program.secret },
    }),
  );
  const account = await desk.account();
  const connected = await ok(
    operator.post('/api/connections', {
      ...{ name: 'Cases', desk: 'builtin', siteId: made.body.siteId, senders: ['127.0.0.1', '::1'] },
      ...{ settings: settingsOf(desk.url, account.token), assignment: { to: 'general' }, ...connection },
    }),
  );
  const events = [
    ...['begin', 'end', 'owner_changed', 'member_added', 'member_departed'],
    ...['rep_exit_survey_completed', 'customer_exit_survey_completed'],
  ].map((one) => `support_conference_${one}`);
  const { connectionId, eventsUrl } = connected.body;
  await ok(
    site.operator.post('/api/outbound-events/recipients', {
      ...{ name: 'Desk', url: eventsUrl, allow_http: true, events, retry_interval: 5 },
    }),
  );
  const technician = await desk.person('technician');
  return {
    ...{ desk, site, siteId: made.body.siteId, connectionId, eventsUrl, technician },
    async key(number, assignment) {
      const body = assignment === undefined ? {} : { assignment: JSON.parse(JSON.stringify(assignment)) };
      return (await ok(technician.post(`/api/connections/${connectionId}/tickets/${number}/key`, body))).body;
    },
    notes: async (number) => (await ok(account.get(`/api/desk/v1/cases/${number}/notes`))).body.notes,
    async close() {
      await desk.close();
      await site.close();
    },
  };
};
