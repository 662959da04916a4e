import { openRequestTracker } from '@gatehouse/desks/request-tracker/testing';
import { ok } from '@gatehouse/server/testing';
import { until } from '@gatehouse/site/testing';
import { expect, test } from 'vitest';
import { supportedDesk } from '../testing/support-desk.ts';

test('Request Tracker tells, by what the set-up made there, of tickets that are deleted long after their session', async () => {
  await using under = await openRequestTracker();
  const settings = { ...under.settings(under.origin), webhookSecret: "it's } a $secret ☃" };
  const host = await supportedDesk({ name: 'RT', desk: 'request-tracker', settings });
  try {
    const path = `/api/connections/${host.connectionId}/set-up`;
    const { fileName, text, commands } = (await ok(host.desk.operator.get(path))).body;
    under.rt.write(fileName, text);
    expect(await under.rt.shell(commands.join('\n'))).not.toContain('NOT DONE');
    const number = await under.makeTicket('One');
    const { lsid } = await host.site.redeem((await host.key(number)).key);
    await ok(host.site.anna.post(`/api/support/sessions/${lsid}/join`, {}));
    await ok(host.site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
    await until(async () => (await under.notes(number)).length === 1);
    await under.remove(number);
    await until(
      async () => (await host.detail(lsid)).outcome === 'gone',
      () => host.detail(lsid),
    );
    const forged = await fetch(new URL(`/extension/connect/changes/${host.connectionId}`, host.desk.url), {
      ...{ method: 'POST', body: JSON.stringify({ ticket: number, what: 'changed' }) },
    });
    expect(forged.status).toBe(404);
  } finally {
    await host.close();
  }
});
