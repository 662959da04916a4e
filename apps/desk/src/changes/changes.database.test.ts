import { ok } from '@gatehouse/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ForeignDesk, foreignDesk } from '../testing/foreign-desk.ts';

let host: ForeignDesk;
beforeAll(async () => {
  host = await foreignDesk();
});
afterAll(() => host.close());
const look = () => host.desk.program.reconciler.look();

test('a desk that can be asked is asked for changes: a ticket that is made has the link that starts a session', async () => {
  const path = `/api/connections/${host.connectionId}`;
  const { settings } = (await ok(host.desk.operator.get(path))).body;
  const name = 'Link that starts a session';
  const fields = { ...settings.fields, sessionStartLink: name };
  await ok(host.desk.operator.ask('PATCH', path, { body: { settings: { ...settings, fields } } }));
  await look();
  const { number } = await host.desk.makeCase();
  await look();
  const { fields: held } = (await ok(host.technician.get(`/api/cases/${number}`))).body;
  expect(held.find((one: { name: string }) => one.name === name).value).toBe(
    `${host.desk.url}/start/${host.connectionId}/${number}`,
  );
});
