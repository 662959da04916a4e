import { connect as connectTo } from 'node:net';
import { type Account, type AnyConnector, empty, stream } from '@gatehouse/connector-kit';
import { checks, type Subject } from '@gatehouse/connector-kit/testing';
import { type Cursor, createHost, ldapCodeOf, type Page, statusOf } from '@gatehouse/host';
import { expect, test } from 'vitest';
import { activeDirectory } from '../active-directory.ts';
import type { DirectoryClient } from '../client.ts';
import { sidOf, textOf } from '../entry.ts';
import { users } from '../users.ts';
import { fakeActiveDirectory } from './vendor.ts';

type Read = (client: DirectoryClient, from: Cursor | null) => AsyncIterable<Page<Account>>;
const rightly = users.read as Read; // the stream of accounts is erased to one of any record

/** The connector with `users` alone, read in another way. */
const reading = (read: Read, more: Partial<typeof activeDirectory> = {}): AnyConnector => {
  const { title, needs, reading: mode, everyMs } = users;
  const own = stream<DirectoryClient, 'accounts'>({
    ...{ record: 'accounts', title, needs, everyMs, read },
    reading: mode,
  });
  return { ...activeDirectory, ...more, streams: { users: own } } as AnyConnector; // one stream in the place of all
};

/** Through a host of its own, which does not hear of the run's end; `hasty`: and never waits. */
const pastTheHost =
  (isHasty: boolean): typeof activeDirectory.connect =>
  (settings, { clock }) =>
    activeDirectory.connect(
      settings,
      createHost({
        signal: new AbortController().signal,
        clock: isHasty ? { now: () => clock.now(), sleep: async () => {} } : clock,
      }),
    );

const of = (connector: AnyConnector, fake = fakeActiveDirectory): Subject => ({
  ...{ connector, fake },
  settings: (origin) => fakeActiveDirectory().settings(origin),
});

/** A fake that tells where it points to. */
const told = (): { fake: typeof fakeActiveDirectory; port: () => number } => {
  let port = 0;
  const fake = () => {
    const made = fakeActiveDirectory();
    const { pointElsewhere } = made;
    return Object.assign(made, {
      pointElsewhere(which: string, address: string) {
        port = Number(address.split(':')[1]);
        pointElsewhere(which, address);
      },
    });
  };
  return { fake, port: () => port };
};
const gossip = told();

const defects: readonly (readonly [check: number, defect: string, subject: Subject, complaint: RegExp])[] = [
  [
    2,
    'a record carries the password of a machine',
    of(
      reading(async function* (client) {
        const query = { base: 'DC=corp,DC=example', scope: 'sub' as const, filter: '(objectCategory=computer)' };
        const records: Account[] = [];
        for await (const entry of client.entries({ ...query, attributes: ['objectSid', 'ms-Mcs-AdmPwd'] }))
          records.push({
            ...empty('accounts'),
            ...{ id: sidOf(entry) ?? '', raw: null, title: textOf(entry, 'ms-Mcs-AdmPwd') },
          });
        yield { records, cursor: '{}' };
      }),
    ),
    /a secret beginning with "LAPS" is in/,
  ],
  [3, 'the check asks nothing', of({ ...activeDirectory, check: async () => [] }), /wrong credential/],
  [
    4,
    'the check swallows every failure',
    of({
      ...activeDirectory,
      check: async (client: DirectoryClient) => {
        await activeDirectory.check(client).catch(() => undefined);
        return [];
      },
    }),
    /a dead host gave/,
  ],
  [
    5,
    'a refused stream looks empty',
    of(
      reading(async function* (client, from) {
        try {
          yield* rightly(client, from);
        } catch {
          yield { records: [], cursor: '{}' };
        }
      }),
    ),
    /refusing users gave/,
  ],
  [
    6,
    'a busy controller is asked again at once',
    of(reading(rightly, { connect: pastTheHost(true) })),
    /without a wait/,
  ],
  [
    7,
    'what cannot be read is left out without a word',
    of(
      reading(async function* (client, from) {
        for await (const { leftOut: _, ...page } of rightly(client, from)) yield page;
      }),
    ),
    /a strange answer \(shape\) on users/,
  ],
  [
    8,
    'a place skips what comes after it',
    of(
      reading(async function* (client, from) {
        let isFirst = from !== null;
        for await (const page of rightly(client, from)) {
          if (!isFirst) yield page;
          isFirst = false;
        }
      }),
    ),
    /users/,
  ],
  [
    9,
    'a referral is followed',
    of(
      reading(async function* (client, from) {
        try {
          yield* rightly(client, from);
        } catch (error) {
          if (ldapCodeOf(error) !== 10) throw error;
          const { promise, resolve } = Promise.withResolvers<void>();
          connectTo(gossip.port(), '127.0.0.1').on('close', () => resolve());
          await promise;
        }
      }),
      gossip.fake,
    ),
    /another origin/,
  ],
  [
    10,
    'abort is not heard',
    of(
      reading(
        async function* (client) {
          for (let i = 0; i < 50; i++) await client.ldap.rootDse();
          yield { records: [], cursor: '{}' };
        },
        { connect: pastTheHost(false) },
      ),
    ),
    /aborted at request/,
  ],
  [
    11,
    'everything is collected before it is handed over',
    of(
      reading(async function* (client, from) {
        const all: Page<Account>[] = [];
        for await (const page of rightly(client, from)) all.push(page);
        yield* all;
      }),
    ),
    /grew the memory/,
  ],
  [
    12,
    'a stream is declared and yields nothing',
    of(
      reading(async function* () {
        yield { records: [], cursor: '{}' };
      }),
    ),
    /yields no record/,
  ],
  [
    13,
    'another database ends the list',
    of(
      reading(async function* (client, from) {
        try {
          yield* rightly(client, from);
        } catch (error) {
          if (statusOf(error) !== 410) throw error;
          yield { records: [], cursor: '{}' };
        }
      }),
    ),
    /is missing/,
  ],
];

test.each(defects)('check %i notices over LDAP that %s', async (check, _, subject, complaint) => {
  const { prove } = checks[check - 1] ?? expect.unreachable('no such check');
  await expect(prove(subject)).rejects.toThrow(complaint);
});
