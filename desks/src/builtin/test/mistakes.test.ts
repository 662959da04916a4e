import { type Desk, erasedDesk, type Ticket } from '@gatehouse/desk-kit';
import { checks } from '@gatehouse/desk-kit/testing';
import { fields } from '@gatehouse/fields';
import { Fault } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { builtin } from '../builtin.ts';
import { openBuiltin } from './under-test.ts';

const sound = erasedDesk(builtin);
type Broken = Partial<Desk> | ((under: Awaited<ReturnType<typeof openBuiltin>>) => Partial<Desk>);

const lost = async (): Promise<null> => null;
const counted = { notes: 0 };
const withSteps = (change: (steps: ReturnType<Desk['check']>) => ReturnType<Desk['check']>): Partial<Desk> => ({
  check: (client) => change(sound.check(client)),
});

/** What is wrong with an adapter, a promise that it breaks, and how that is told. */
const broken: readonly (readonly [mistake: string, check: RegExp, said: RegExp, Broken])[] = [
  [
    'has no sentences',
    /every setting/,
    /no sentence/,
    { config: fields.object({ token: fields.secret('Token', 'x') }) },
  ],
  [
    'forgets who asks',
    /a ticket is found/,
    /nobody asks/,
    { findTicket: async (client, key) => strip(await sound.findTicket(client, key)) },
  ],
  [
    'finds something always',
    /no ticket has/,
    /finds SC-/,
    { findTicket: (client) => sound.findTicket(client, 'SC-1000') },
  ],
  [
    'does not follow merges',
    /merged/,
    /it leads to/,
    { findTicket: async (client, key) => alter(await sound.findTicket(client, key), { number: key }) },
  ],
  [
    'takes a removed ticket for a stale one',
    /removed/,
    /a note for it is stale/,
    (under) => ({
      addNote: async (client) => {
        const [other] = under.desk.cases;
        const ticket = await sound.findTicket(client, other?.number ?? '');
        if (ticket === null) throw new Error('the probe is not there');
        return { state: 'stale', ticket };
      },
    }),
  ],
  [
    'finds by a part of a value',
    /by exactly the value/,
    /finds/,
    (under) => ({
      findTicketsByField: async (client, _, value) => {
        const all = await Promise.all(under.desk.cases.map(({ number }) => sound.findTicket(client, number)));
        return all.flatMap((one) =>
          one !== null && JSON.stringify(one.fields).includes(value.slice(0, 8)) ? [one] : [],
        );
      },
    }),
  ],
  ['finds nobody', /people are found/, /finds \[null\]/, { findPeople: async () => [] }],
  ['says that nothing was applied', /every field is set/, /not all applied/, results('denied')],
  ['says that all was applied', /is unknown/, /it is applied/, results('applied')],
  ['believes the desk', /is denied/, /sessionIds applied/, results('applied')],
  [
    'takes any version',
    /an older version/,
    /are done/,
    { setFields: (client, id, values) => sound.setFields(client, id, values, null) },
  ],
  [
    'compares by itself where the desk could',
    /of two who write/,
    /they are done,done/,
    { setFields: (client, id, values) => sound.setFields(client, id, values, null) },
  ],
  [
    'writes a note each time',
    /stands once/,
    /it is added, added/,
    {
      addNote: (client, id, note, version) =>
        sound.addNote(client, id, { ...note, marker: { ...note.marker, part: `p${counted.notes++}` } }, version),
    },
  ],
  [
    'lets an earlier revision win',
    /a later revision/,
    /they are added,added/,
    {
      addNote: (client, id, note, version) =>
        sound.addNote(client, id, { ...note, marker: { ...note.marker, session: `s${counted.notes++}` } }, version),
    },
  ],
  [
    'heeds what others wrote',
    /somebody else wrote/,
    /it is found/,
    { addNote: async () => ({ state: 'done', id: '1', how: 'found' }) },
  ],
  [
    'cuts long notes',
    /300 kilobytes/,
    /the large one ends/,
    {
      addNote: (client, id, note, version) =>
        sound.addNote(client, id, { ...note, html: note.html.slice(0, 65_536) }, version),
    },
  ],
  ['swallows a refusal', /opens nothing is unauthorized/, /gave no fault/, { findTicket: swallow }],
  ['takes a dead host for an empty desk', /dead host/, /gave no fault/, { findTicket: swallow }],
  ['takes a web page for an empty desk', /web page/, /gave no fault/, { findTicket: swallow }],
  ['goes on', /signal/, /went on/, { findPeople: async () => [] }],
  [
    'names no right',
    /each missing right/,
    /the step cases.read is/,
    withSteps((steps) => steps.map((step) => ({ ...step, run: async () => 'Fine.' }))),
  ],
  [
    'gives up half-way',
    /never throws half-way/,
    /steps are missing|the step reachable/,
    withSteps((steps) => steps.filter(({ id }) => id !== 'reachable')),
  ],
  [
    'tells the token',
    /no secret/,
    /a secret beginning/,
    {
      findTicket: async (client) => {
        const { settings } = client as { settings: { token: { reveal(): string } } };
        throw new Fault('unexpected', `With ${settings.token.reveal()}.`);
      },
    },
  ],
  ['takes any credential', /any characters/, /gave no fault/, { findTicket: lost }],
];

function swallow(...args: Parameters<Desk['findTicket']>): Promise<Ticket | null> {
  return sound.findTicket(...args).catch(() => null);
}

function results(state: 'applied' | 'denied'): Partial<Desk> {
  return {
    setFields: async (...args) => {
      const written = await sound.setFields(...args);
      if (written.state !== 'done') return written;
      return { ...written, results: written.results.map((one) => ({ ...one, state, advice: null })) };
    },
  };
}

const alter = (ticket: Ticket | null, some: Partial<Ticket>): Ticket | null =>
  ticket === null ? null : { ...ticket, ...some };
const strip = (ticket: Ticket | null): Ticket | null => alter(ticket, { requester: null });

describe('the suite finds an adapter that', () => {
  test.each(broken)('%s: %s', async (_, check, said, wrong) => {
    await using under = await openBuiltin();
    const desk = { ...sound, ...(typeof wrong === 'function' ? wrong(under) : wrong) };
    const found = checks.find(({ name }) => check.test(name));
    await expect(found?.prove({ desk, open: openBuiltin }, under)).rejects.toThrow(said);
  });

  test('is broken in any way, each by one promise at least', () => {
    const unproved = checks.filter(({ name }) => !broken.some(([, check]) => check.test(name)));
    expect(unproved.map(({ name }) => name)).toEqual([]);
  });
});
