import { markerText } from '@gatehouse/desk-kit';
import { processOf } from '@gatehouse/desk-kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestTracker } from '../request-tracker.ts';
import { openRequestTracker } from './under-test.ts';

const opened: { under: Awaited<ReturnType<typeof openRequestTracker>> | null } = { under: null };
const under = () => {
  if (opened.under === null) throw new Error('it did not start');
  return opened.under;
};
beforeAll(async () => {
  opened.under = await openRequestTracker();
});
afterAll(() => opened.under?.rt.stop());

const subject = { desk: requestTracker, open: openRequestTracker };
const open = async (session: string) => {
  const { desk, client } = processOf(subject, under().settings(under().origin));
  const number = await under().makeTicket('notes');
  const marker = { session, part: 'summary', revision: 1 };
  const note = { marker, title: 'Session', html: '<p>words</p>' };
  return { desk, client, number, note, account: under().rt.tokens.gatehouse?.split('-')[1] ?? '' };
};

/** Puts claims on a ticket as an administrator can. */
const claimed = (number: string, claims: readonly string[]) =>
  fetch(`${under().origin}/REST/2.0/ticket/${number}`, {
    method: 'PUT',
    headers: { authorization: `token ${under().rt.tokens.root}`, 'content-type': 'application/json' },
    body: JSON.stringify({ CustomFields: { 'Support Session Notes': claims } }),
  });

test('a claim whose owner ended half-way keeps the note from being written until it is over, and no longer', async () => {
  const { desk, client, number, note, account } = await open('half-way');
  const claim = (at: number) => `${markerText(note.marker)} ${new Date(at).toISOString()} ${account}-other`;
  await claimed(number, [claim(Date.now())]);
  const controller = new AbortController();
  const waiting = processOf(subject, under().settings(under().origin));
  controller.signal.addEventListener('abort', () => waiting.controller.abort());
  const asked = waiting.desk.addNote(waiting.client, number, note, null).then(
    () => 'written',
    () => 'still waiting',
  );
  await expect.poll(() => waiting.log.length).toBeGreaterThan(6);
  controller.abort();
  expect(await asked).toBe('still waiting');
  expect(await under().notes(number)).toEqual([]);
  await claimed(number, [claim(Date.now() - 400_000)]);
  expect(await desk.addNote(client, number, note, null)).toMatchObject({ how: 'added' });
});

test('a claim of another account keeps nobody from writing', async () => {
  const { desk, client, number, note } = await open('forged');
  await claimed(number, [`${markerText(note.marker)} ${new Date().toISOString()} 99999-forged`, 'nonsense']);
  expect(await desk.addNote(client, number, note, null)).toMatchObject({ how: 'added' });
});

test('twelve processes at once write four notes once each, while somebody else changes the ticket', async () => {
  const { number, note } = await open('crowd');
  const parts = ['summary', 'chat', 'files', 'survey'].flatMap((part) => [part, part, part]);
  const busy = Promise.all([1, 2, 3, 4, 5].map(() => under().touch(number)));
  const hows = await Promise.all(
    parts.map(async (part) => {
      const { desk, client } = processOf(subject, under().settings(under().origin));
      const written = await desk.addNote(client, number, { ...note, marker: { ...note.marker, part } }, null);
      return `${part} ${written.state === 'done' ? written.how : written.state}`;
    }),
  );
  await busy;
  expect(hows.filter((how) => how.endsWith(' added')).toSorted()).toEqual([
    'chat added',
    'files added',
    'summary added',
    'survey added',
  ]);
  expect(await under().notes(number)).toHaveLength(4);
});

test('an account without ShowTicketComments is told so, and leaves no claim behind', async () => {
  const { number, note } = await open('blind');
  const right = under().rights.find((one) => one.right === 'ShowTicketComments');
  const { desk, client } = processOf(subject, right?.settings ?? {});
  await expect(desk.addNote(client, number, note, null)).rejects.toMatchObject({
    ...{ kind: 'forbidden', advice: expect.stringContaining('ShowTicketComments') },
  });
  const ticket = await desk.findTicket(client, number);
  expect(ticket?.custom.get('Support Session Notes')).toEqual([]);
});

test('a note is mailed to nobody outside', async () => {
  const { desk, client, number, note } = await open('quiet');
  await desk.addNote(client, number, { ...note, html: '<p>never mailed</p>' }, null);
  expect(under().rt.mail()).not.toContain('never mailed');
});

test('a check whose customer sees notes fails, and says which rights to take away', async () => {
  const settings = { ...under().settings(under().origin), customerToken: under().rt.tokens.ann };
  const { desk, client } = processOf(subject, settings);
  const steps = desk.check(client);
  const outcomes: string[] = [];
  for (const { id, run } of steps)
    outcomes.push(
      await run().then(
        () => `${id} ok`,
        (error: Error) => `${id}: ${error.message}`,
      ),
    );
  expect(outcomes.filter((one) => !one.endsWith(' ok'))).toEqual([
    expect.stringMatching(/^note: .*Everyone, Requestor and Cc/),
  ]);
});
