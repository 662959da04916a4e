import { until } from '@gatehouse/site/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { noOpenSsh } from '../../../test/servers/openssh/server.ts';
import { type Person, type SessionPath, startSessionPath } from '../src/testing/session-path.ts';

const reason = noOpenSsh();

describe.skipIf(reason !== null)(
  `a session whose programs are killed${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    let path: SessionPath;
    let ada: Person;
    let bea: Person;
    beforeAll(async () => {
      path = await startSessionPath();
      [ada, bea] = [await path.person('ada'), await path.person('bea')];
      await path.connected(ada);
    }, 300_000);
    afterAll(() => path?.close());

    const Actions = z.array(z.object({ action: z.string(), correlationId: z.string() }));
    const siteAudit = async (search: string) =>
      Actions.parse((await path.site.operator().get(`/api/audit?limit=500&search=${search}`)).body.items);

    test('its id leads to all that was done for it, in the audits of site and vault and in the log of the ECM', async () => {
      const session = await path.open(ada);
      await path.end(ada, session.id);
      await path.givenBack();
      await path.changed();
      const { correlationId } = await path.ended(ada, session.id);
      const bySession = await siteAudit(session.id);
      expect(new Set(bySession.map((one) => one.correlationId))).toEqual(new Set([correlationId]));
      expect(new Set(bySession.map(({ action }) => action))).toEqual(
        new Set([
          ...['session.request', 'credential.retrieve', 'session.open', 'credential.release', 'credential.released'],
          'session.end',
        ]),
      );
      const { body } = await path.vault.operator().get(`/api/audit?limit=500&correlationId=${correlationId}`);
      const events = body.items.map(({ event }: { event: string }) => event).toReversed();
      expect(events.filter((event: string) => event !== 'EVENT_ID_WEBAPP_LOGIN')).toEqual([
        ...['EVENT_ID_PASSWORD_CHECKED_OUT', 'EVENT_ID_PASSWORD_CHECKED_IN'],
        ...['EVENT_ID_JOB_STARTING_PASSWORD_CHANGE_ON_SYSTEM', 'EVENT_ID_PASSWORD_CHANGED'],
      ]);
      const said = (await path.ecm.log())
        .split('\n')
        .filter((line) => line.includes(`"correlation":"${correlationId}"`));
      for (const words of ['A credential is asked for.', 'A credential was handed out', 'A credential was released.'])
        expect(
          said.some((line) => line.includes(words)),
          words,
        ).toBe(true);
    });

    test('goes on while ECM and vault are dead, and once they are back its password is given back and changed', async () => {
      const session = await path.open(ada);
      const before = await path.kept();
      await Promise.all([path.ecm.kill(), path.vault.kill()]);
      session.type('echo goes-on-$((40+2))\n');
      await session.shown('goes-on-42');
      await path.end(ada, session.id);
      expect(await path.ended(ada, session.id)).toMatchObject({ ending: 'left', problem: null, recording: 'kept' });
      expect(await path.transcript(ada, session.id)).toContain('goes-on-42');
      path.ecm.start();
      await path.vault.start();
      await path.givenBack();
      await path.changed();
      expect(await path.kept()).not.toBe(before);
    });

    test('says how it ended when the site is killed, opened or not, keeps its recording, and holds no credential', async () => {
      const open = await path.open(ada);
      open.type('echo before-the-end-$((1+1))\n');
      await open.shown('before-the-end-2');
      await until(async () => (await path.transcript(ada, open.id)).includes('before-the-end-2'));
      // The vault is asked, and has not answered.
      path.lines.ecmVault.hold();
      const sent = path.lines.ecmVault.sentBytes;
      const asking = await path.ask(ada);
      await until(async () => (await siteAudit(asking)).some(({ action }) => action === 'credential.retrieve'));
      await path.site.kill();
      expect(await open.closed).toBe(1_006);
      path.lines.ecmVault.pass();
      await until(() => path.lines.ecmVault.sentBytes > sent);
      await path.site.start();
      const problem = 'The site stopped while this session was open.';
      const [was, never] = [await path.ended(ada, open.id), await path.ended(ada, asking)];
      expect(was).toMatchObject({ ending: 'site', problem, recording: 'kept' });
      expect(never).toMatchObject({ ending: 'site', problem, recording: 'none' });
      expect(await path.transcript(ada, open.id)).toContain('before-the-end-2');
      await path.givenBack();
      for (const { correlationId } of [was, never]) {
        const actions = (await siteAudit(correlationId)).map(({ action }) => action);
        expect(actions).toContain('session.end');
        expect(actions).toContain('credential.released');
      }
      await path.changed();
    });

    test('of two people who want one account one gets it, the other is told that it is out, and gets it after that', async () => {
      const people = [ada, bea];
      const ids = await Promise.all(people.map((person) => path.ask(person)));
      const outcome = async (at: number) => {
        const person = people[at];
        const read = async () => (await person?.get(`/api/console/sessions/${ids[at]}`))?.body;
        await until(async () => ['open', 'ended'].includes((await read()).state), read);
        return await read();
      };
      const outcomes = [await outcome(0), await outcome(1)];
      expect(outcomes.map(({ state }) => state).toSorted()).toEqual(['ended', 'open']);
      const told = outcomes.find(({ state }) => state === 'ended');
      expect(told).toMatchObject({
        ...{ ending: 'failed', account: '' },
        problem: expect.stringMatching(/does not hand this out now\. It says: Somebody else has this password since/),
      });
      const winner = outcomes.findIndex(({ state }) => state === 'open');
      const [had, wants] = winner === 0 ? [ada, bea] : [bea, ada];
      await path.end(had, ids[winner] ?? '');
      // At once: it is being changed then, and whoever gets it must get one that is good.
      await until(async () => (await path.vault.operator().get('/api/checkouts?state=open')).body.items.length === 0);
      const session = await path.open(wants);
      session.type('echo mine-$((3+4))\n');
      await session.shown('mine-7');
      await path.end(wants, session.id);
      await path.givenBack();
    });
  },
);
