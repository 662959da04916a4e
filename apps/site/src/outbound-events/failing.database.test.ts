import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../testing/errands.ts';
import { arrived, type OutboundDesk, openOutboundDesk } from './testing/outbound-desk.ts';
import { cut, endless, garbage, openReceiver, silent, status } from './testing/receiver.ts';

let desk: OutboundDesk;
beforeAll(async () => {
  desk = await openOutboundDesk();
});
afterAll(() => desk.close());
afterEach(() => desk.clear());

describe('a recipient that fails', () => {
  test.each([
    ['answers 500', status(500), 'answered 500'],
    ['answers 201', status(201), 'answered 201'],
    ['answers 204', status(204), 'answered 204'],
    ['answers 401', status(401), 'answered 401'],
    ['answers no HTTP', garbage, 'did not answer'],
    ['answers 429', status(429, { 'retry-after': '1' }), 'answered 429'],
    ['redirects', status(302, { location: 'http://127.0.0.1:9/' }), 'redirects'],
    ['never answers', silent, 'did not answer'],
    ['breaks off in the middle', cut, 'did not answer'],
    ['answers without an end', endless, 'more than'],
  ])('and %s gets the same again after the interval, and the next event only then', async (_what, answer, words) => {
    await using receiver = await openReceiver();
    await using other = await openReceiver();
    const id = await desk.add(receiver, { retry_interval: 60 });
    await desk.add(other);
    receiver.next(answer, answer);
    await desk.wait();
    await arrived(other, 2);
    await until(async () => (await desk.find(id)).status === 'failing');
    expect(receiver.events()).toEqual(['support_conference_begin']);
    desk.later(30_000);
    expect(await desk.find(id)).toMatchObject({ queued: 2, last_error: expect.stringContaining(words) });
    desk.later(31_000);
    await arrived(receiver, 2);
    await until(async () => (await desk.deliveries(id)).at(-1).tries === 2);
    desk.later(61_000);
    await arrived(receiver, 4);
    const begin = 'support_conference_begin';
    expect(receiver.events()).toEqual([begin, begin, begin, 'support_conference_member_added']);
    expect(new Set(receiver.posted.slice(0, 3).map(({ body }) => body)).size).toBe(1);
    await until(async () => (await desk.find(id)).queued === 0);
    expect(await desk.find(id)).toMatchObject({ status: 'working', last_error: '' });
    const [, first] = await desk.deliveries(id);
    expect(first).toMatchObject({ event: begin, state: 'delivered', tries: 3, status: 200, error: '' });
  });

  test('for longer than the duration loses the event, and its people are told once of it and once that it works', async () => {
    await using receiver = await openReceiver();
    const id = await desk.add(receiver, {
      retry_interval: 60,
      retry_duration: 100,
      alert_emails: ['ops@acme.example'],
    });
    receiver.next(...Array.from({ length: 5 }, () => status(503)));
    await desk.wait();
    const tried = (count: number) =>
      until(async () => {
        const all = await desk.deliveries(id);
        return all.reduce((sum: number, { tries }: { tries: number }) => sum + tries, 0) >= count;
      });
    await tried(1);
    desk.later(61_000);
    await tried(3);
    expect((await desk.deliveries(id)).map(({ state }: { state: string }) => state)).toEqual(['queued', 'given_up']);
    const summary = (await desk.operator.get('/api/status')).body.outboundEvents;
    expect(summary).toMatchObject({
      failing: 1,
      queued: 1,
      unsentAlerts: 1,
      advice: expect.stringContaining('Alerts'),
    });
    desk.later(61_000);
    await tried(4);
    await desk.wait();
    await tried(5);
    desk.later(61_000);
    await until(async () => (await desk.find(id)).queued === 0);
    const { rows } = await sql<{ recipients: string[]; subject: string }>`
      select recipients, subject from mails where kind = 'outbound-alert' order by place`.execute(desk.database.owner);
    const { name } = await desk.find(id);
    expect(rows).toEqual([
      { recipients: ['ops@acme.example'], subject: `Outbound events to ${name} are given up` },
      { recipients: ['ops@acme.example'], subject: `Outbound events to ${name} arrive again` },
    ]);
  });

  test('is told of once it fails for as long as its people said, long before an event is lost, and not where it works by then', async () => {
    await using receiver = await openReceiver();
    await sql`delete from mails`.execute(desk.database.owner);
    const id = await desk.add(receiver, { retry_interval: 60, alert_after: 100, alert_emails: ['ops@acme.example'] });
    const subjects = async () => {
      const { rows } = await sql<{ subject: string; text: string }>`
        select subject, body ->> 'text' as text from mails order by place`.execute(desk.database.owner);
      return rows;
    };
    const tried = (count: number) => until(async () => (await desk.deliveries(id)).at(-1)?.tries >= count);
    receiver.next(status(503), status(503));
    await desk.wait();
    await tried(1);
    desk.later(61_000);
    await tried(2);
    desk.later(61_000);
    await until(async () => (await desk.find(id)).queued === 0);
    expect(await subjects()).toEqual([]);
    receiver.next(...Array.from({ length: 4 }, () => status(503)));
    await desk.wait();
    await until(async () => (await desk.find(id)).status === 'failing');
    for (const more of [2, 3, 4]) {
      desk.later(61_000);
      await until(async () => (await desk.deliveries(id))[1].tries >= more);
    }
    const { name, queued } = await desk.find(id);
    expect(queued).toBeGreaterThan(0);
    expect(await subjects()).toEqual([
      {
        subject: `Outbound events to ${name} do not arrive`,
        text: expect.stringMatching(/does not take events since \d{4}-\d\d-\d\d \d\d:\d\d UTC\.\n.*answered 503/),
      },
    ]);
    desk.later(61_000);
    await until(async () => (await desk.find(id)).queued === 0);
    expect((await subjects()).map(({ subject }) => subject).at(-1)).toBe(`Outbound events to ${name} arrive again`);
  });
});
