import { ok } from '@gatehouse/server/testing';
import { openSupportDesk, type SupportDesk } from '@gatehouse/site/testing';
import type { DeskOptions } from '../start.ts';
import { type Connected, connectDesk } from './connected-desk.ts';
import { type TestDesk, testDesk } from './test-desk.ts';

/** The desk program with its own desk, and a real site that tells it of sessions. */
export interface SupportedDesk extends Connected {
  readonly desk: TestDesk;
  readonly site: SupportDesk;
  close(): Promise<void>;
}

export const supportedDesk = async (
  connection: object = {},
  options: Partial<DeskOptions> = {},
): Promise<SupportedDesk> => {
  const site = await openSupportDesk({ allowPrivateWebhooks: true, outboundPace: { everyMs: 50 } });
  const desk = await testDesk({ workMs: 50, reconcileMs: 3_600_000, ...options });
  const program = await site.account({ perm_command: 'full_access', perm_reporting_support: true });
  const { clientId, secret: clientSecret } = program;
  const connected = await connectDesk(desk, { url: site.url, clientId, clientSecret }, connection);
  const events = [
    ...['begin', 'end', 'owner_changed', 'member_added', 'member_departed'],
    ...['rep_exit_survey_completed', 'customer_exit_survey_completed'],
  ].map((one) => `support_conference_${one}`);
  await ok(
    site.operator.post('/api/outbound-events/recipients', {
      ...{ name: 'Desk', url: connected.eventsUrl, allow_http: true, events, retry_interval: 5 },
    }),
  );
  return {
    ...{ desk, site, ...connected },
    async close() {
      await desk.close();
      await site.close();
    },
  };
};
