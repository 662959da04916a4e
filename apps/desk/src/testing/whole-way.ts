import type { DeskUnderTest } from '@gatehouse/desk-kit/testing';
import { ok } from '@gatehouse/server/testing';
import { until } from '@gatehouse/site/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SupportedDesk, supportedDesk } from './support-desk.ts';

/** What the program promises with a desk of somebody else, proven with a real one and a real site. */
export const wholeWay = ({
  name,
  desk: adapter,
  merges,
  open,
}: {
  readonly name: string;
  readonly desk: string;
  /** Whether tickets of this desk can be put into one another. */
  readonly merges: boolean;
  readonly open: () => Promise<DeskUnderTest>;
}): void => {
  let under: DeskUnderTest;
  let host: SupportedDesk;
  beforeAll(async () => {
    under = await open();
    host = await supportedDesk({ name, desk: adapter, settings: under.settings(under.origin) });
  });
  afterAll(async () => {
    await host?.close();
    await under?.[Symbol.asyncDispose]();
  });

  const written = (number: string, count: number, lsid: string) =>
    until(
      async () => (await under.notes(number)).length >= count,
      () => host.detail(lsid),
    );
  /** A customer who came with the key of a ticket, and somebody who helps. */
  const begin = async (number: string) => {
    const { site } = host;
    const { key } = await host.key(number);
    const { lsid } = await site.redeem(key);
    await ok(site.anna.post(`/api/support/sessions/${lsid}/join`, {}));
    await until(
      async () => (await host.detail(lsid)).ticketNumber === number,
      () => host.detail(lsid),
    );
    const say = (text: string) => ok(site.anna.post(`/api/support/sessions/${lsid}/notes`, { text }));
    return { lsid, say, end: () => ok(site.anna.post(`/api/support/sessions/${lsid}/end`, {})) };
  };

  describe(`a support session of a ticket in ${name}`, () => {
    test('is possible: every step of the test of the connection says so', async () => {
      const tried = await ok(host.desk.operator.post(`/api/connections/${host.connectionId}/test`, {}));
      expect(tried.body.steps.filter(({ ok: holds }: { ok: boolean | null }) => holds !== true)).toEqual([]);
    });

    test('stands in it once, for those who work there alone, and its survey behind it', async () => {
      const number = await under.makeTicket('The printer beeps');
      const path = `/api/connections/${host.connectionId}/tickets/${number}`;
      // Its settings do not let it write to customers, and this program has no mail server.
      expect((await ok(host.technician.get(path))).body.sendsBy).toBe(null);
      const made = await ok(host.technician.post(`${path}/key`, {}));
      expect(new Set(made.body.fields.map(({ state }: { state: string }) => state))).toEqual(new Set(['applied']));
      const { lsid, say, end } = await begin(number);
      await say('<script>alert(1)</script> Replaced the fuser');
      await end();
      await written(number, 1, lsid);
      const [note] = await under.notes(number);
      expect(note).toMatchObject({ isInternal: true });
      expect(note?.body).toContain('Replaced the fuser');
      expect(note?.body).not.toContain('<script');
      expect(await under.readAsCustomer(number)).not.toContain('Replaced the fuser');
      expect(await host.detail(lsid)).toMatchObject({
        ...{ state: 'ended', outcome: 'attached', externalKey: number, problem: '' },
        ticketUrl: expect.stringContaining(under.origin),
      });

      const answers = [{ name: 'rating', value: '2' }];
      await ok(host.site.anna.post(`/api/support/sessions/${lsid}/survey`, { answers }));
      await written(number, 2, lsid);
      await ok(host.desk.operator.post(`/api/support-sessions/${host.connectionId}/${lsid}/replay`, {}));
      await until(async () => {
        const { tries, dueAt } = await host.detail(lsid);
        return tries === 0 && String(dueAt) > new Date().toISOString();
      });
      expect(await under.notes(number)).toHaveLength(2);
    });

    test('is found by its key alone, when a representative entered it in mid-session', async () => {
      const number = await under.makeTicket('Called by telephone');
      const { site } = host;
      const lsid = await site.wait();
      await ok(site.anna.post(`/api/support/sessions/${lsid}/join`, {}));
      const program = await site.program({ perm_command: 'full_access' });
      await ok(program.ask('PATCH', `/api/command/v2/session/${lsid}`, { body: { external_key: number } }));
      await ok(site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
      await written(number, 1, lsid);
      expect(await host.detail(lsid)).toMatchObject({ outcome: 'attached', ticketNumber: number });
    });

    if (merges)
      test('goes where its ticket went, when that was merged meanwhile', async () => {
        const [number, into] = [await under.makeTicket('One'), await under.makeTicket('The same')];
        const { lsid, say, end } = await begin(number);
        await say('Found twice');
        await under.merge?.(number, into);
        await end();
        await written(into, 1, lsid);
        const [note] = await under.notes(into);
        expect(note?.body).toContain('Found twice');
        expect(await host.detail(lsid)).toMatchObject({ ticketNumber: into, outcome: 'attached', problem: '' });
      });

    test('stays where it is and says so, when its ticket was deleted meanwhile', async () => {
      const number = await under.makeTicket('By mistake');
      const { lsid, say, end } = await begin(number);
      await say('Kept all the same');
      await under.remove(number);
      await end();
      await until(
        async () => (await host.detail(lsid)).outcome === 'gone',
        () => host.detail(lsid),
      );
      expect(JSON.stringify((await host.detail(lsid)).report)).toContain('Kept all the same');
    });
  });
};
