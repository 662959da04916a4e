import { createHost } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import { commandV1, commandV2, openSend } from '@gatehouse/remote-access/command';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, openDesk } from '../support/testing/desk.ts';

let desk: Desk;
let one: ReturnType<typeof commandV1>;
let two: ReturnType<typeof commandV2>;
beforeAll(async () => {
  desk = await openDesk();
  const { clientId, secret } = await desk.account({ perm_command: 'full_access' });
  const ask = openSend(createHost({ signal: new AbortController().signal }), {
    ...{ origin: desk.url, clientId, clientSecret: new Secret(secret) },
  });
  // Below twenty requests a second of the site's clock.
  const send: typeof ask = (request) => {
    desk.clock.move(100);
    return ask(request);
  };
  [one, two] = [commandV1(send), commandV2(send)];
});
afterAll(() => desk.close());

test('our own client reads everything of version 1 as the site means it', async () => {
  await desk.anna.beat();
  const { userId: id, username } = desk.anna;
  expect((await one.getApiInfo()).permissions.get('perm_command')).toBe('full_access');
  const health = await one.checkHealth();
  expect(await one.getAppliances()).toMatchObject([{ id: health.applianceId, acceptsConnections: true }]);
  expect(await one.getLoggedInReps()).toMatchObject([{ id, sessions: 0 }]);
  const [network, printers] = await one.getSupportTeams({ members: true });
  expect([network?.name, network?.members]).toEqual(['Network & <wires>', []]);
  expect(printers).toMatchObject({ issues: [{ title: 'Paper jam' }], members: [{ id, username }] });
  const key = await one.generateSessionKey({
    queue: 'general',
    seconds: 600,
    attributes: { external_key: 'T 1', asset: '<&>' },
  });
  expect(key).toMatchObject({ available: true, externalKey: 'T 1', queue: { type: 'general', id: null } });
  expect(key.mail.body).toContain(key.shortKey);
  const { lsid } = await desk.redeem(key.shortKey);
  expect((await one.getSessionAttributes(lsid)).get('asset')).toEqual({ name: 'Asset "tag" <&>', value: '<&>' });
  await one.setSessionAttributes(lsid, { floor: '4' });
  await one.joinSession(lsid, { username });
  await one.sendChatMessage(lsid, 'Hello', `rep:${id}`);
  await one.leaveSession(lsid, { id });
  await one.transferSession(lsid, `team:${desk.teams.network}`);
  expect((await one.getConnectedClients()).map(({ type }) => type)).toEqual(['representative', 'support_customer']);
  const second = await one.generateSessionKey({ queue: 'general' });
  const bot = { name: 'Bot', address: '192.0.2.8', operatingSystem: 'Linux', computerName: 'pc8' };
  expect((await one.createVirtualCustomer(second.shortKey, bot)).lsid).toMatch(/^[0-9a-f]{32}$/);
  await one.setRepStatus(id, 'busy');
  expect(await one.terminateSession(lsid)).toBe('Successfully terminated');
  await expect(one.terminateSession(lsid)).rejects.toMatchObject({
    kind: 'misconfigured',
    advice: expect.stringContaining('over'),
  });
  await one.logoutRep(id);
  expect(await one.getLoggedInReps()).toEqual([]);
});

test('and everything of version 2', async () => {
  const ben = await desk.representative({ perm_support_allowed: true, perm_accept_general_sessions: true });
  await ben.beat();
  expect((await two.getInfo()).permissions.perm_command).toBe('full_access');
  expect((await two.getHealth()).appliance_id).toMatch(/^[0-9a-f]{32}$/);
  expect(await two.listUsers()).toMatchObject([{ id: ben.userId, type: 'normal' }]);
  const key = await two.createSessionKey({ issueCodeName: 'paper_jam' }, { seconds: 600, attributes: { asset: 'A' } });
  expect(key.expiresAt.getTime() - desk.clock.now().getTime()).toBeLessThanOrEqual(600_000);
  const { lsid } = await desk.redeem(key.shortKey);
  await two.setSessionAttributes(lsid, { external_key: 'T2' });
  expect(await two.getSessionAttributes(lsid)).toMatchObject([{ value: 'T2' }, { value: 'A' }, { value: '' }]);
  expect((await two.listTeams()).map(({ name }) => name)).toEqual(['Network & <wires>', 'Printers']);
  await two.addUser(lsid, ben.userId);
  await two.sendChatMessage(lsid, 'Hello', ben.userId);
  expect((await two.listClients()).map(({ type }) => type)).toContain('access_console');
  await two.removeUser(lsid, ben.userId);
  await two.transferSession(lsid, { type: 'team', id: desk.teams.network });
  expect((await desk.operator.get(`/api/support-sessions/${lsid}`)).body.queue).toBe(`team:${desk.teams.network}`);
  await two.setUserStatus(ben.userId, 'away');
  await two.logoutUser(ben.userId);
  await two.terminateSession(lsid);
  const refused = await two.createSessionKey({ repUsername: 'nobody' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Fault);
  expect(refused).toMatchObject({ kind: 'misconfigured', advice: expect.stringContaining('“nobody”') });
});
