import { fields } from '@gatehouse/fields';
import type { Cursor, Http, Page } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Account, type AnyConnector, stream } from '../src/index.ts';
import { checks, contract, type Subject } from '../src/testing/index.ts';
import { acme, fakeAcme, goodToken, settings, toAccount } from './acme.ts';

contract(acme, { fake: fakeAcme, settings });

type Read = (http: Http, from: Cursor | null) => AsyncIterable<Page<Account>>;

/** Acme whose accounts are read in another way. */
const reading = (read: Read): AnyConnector => {
  const accounts = stream<Http, 'accounts'>({
    ...{ record: 'accounts', title: 'Users', needs: 'the permission "Read users"' },
    ...{ reading: { mode: 'full' }, everyMs: 3_600_000, read },
  });
  return { ...acme, streams: { ...acme.streams, accounts } };
};

const Users = z.array(z.looseObject({ id: z.string(), login: z.string() }));
const firstPage = '/api/users?limit=200';

/** Reads accounts past the host, as a connector never may; `next` decides where to go on. */
const pastTheHost = (origin: () => string, next: (link: string | null) => string | null): Read =>
  async function* (_, from) {
    for (let here: string | null = `${origin()}${from ?? firstPage}`; here !== null; ) {
      const address: string = here;
      const response = await fetch(address, { headers: { authorization: `Token ${goodToken}` } });
      if (!response.ok) continue;
      here = next(/<([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1] ?? null);
      const path = here === null ? null : here.slice(new URL(here).origin.length);
      yield { records: Users.parse(await response.json()).map(toAccount), cursor: path };
    }
  };

/** A subject whose connector knows where its fake is without asking the settings. */
const located = (make: (origin: () => string) => AnyConnector): Subject => {
  let origin = '';
  return {
    connector: make(() => origin),
    fake: fakeAcme,
    settings: (at) => {
      origin = at;
      return settings(at);
    },
  };
};

const of = (connector: AnyConnector): Subject => ({ connector, fake: fakeAcme, settings });

const defects: readonly (readonly [check: number, defect: string, subject: Subject, complaint: RegExp])[] = [
  [
    1,
    'a token is a plain text setting',
    of({ ...acme, config: acme.config.extend({ apiToken: fields.text('API token', 'Create it under Settings.') }) }),
    /smells of a secret/,
  ],
  [
    1,
    'a setting is entered nowhere',
    of({ ...acme, setup: [{ title: 'Connect', text: [], settings: ['url'] }] }),
    /0 steps/,
  ],
  [
    1,
    'a setting has no sentence',
    of({ ...acme, config: acme.config.extend({ url: fields.url('Address', 'address') }) }),
    /no sentence/,
  ],
  [
    2,
    'a record carries the credential',
    of(
      reading((http, from) =>
        http.pages(from ?? firstPage, Users.element, (user) => ({ ...toAccount(user), title: goodToken })),
      ),
    ),
    /a secret beginning with "acme" is in/,
  ],
  [
    2,
    'a fault carries the credential',
    of({
      ...acme,
      check: async () => {
        throw new Fault('unexpected', 'No.', `GET /api/me with Token ${goodToken}`);
      },
    }),
    /is in: outcome/,
  ],
  [
    2,
    'a line is printed with the credential',
    of({
      ...acme,
      check: async () => {
        console.log('trying', goodToken);
        return [];
      },
    }),
    /is in: printed/,
  ],
  [3, 'the check asks nothing', of({ ...acme, check: async () => [] }), /wrong credential/],
  [
    4,
    'the check swallows every failure',
    of({
      ...acme,
      check: async (client) => {
        await acme.check(client).catch(() => undefined);
        return [];
      },
    }),
    /a dead host gave/,
  ],
  [
    5,
    'a refused stream looks empty',
    of(
      reading(async function* (http, from) {
        try {
          yield* http.pages(from ?? firstPage, Users.element, toAccount);
        } catch {
          yield { records: [], cursor: null };
        }
      }),
    ),
    /refusing accounts gave/,
  ],
  [
    6,
    'a 429 is asked again at once',
    located((origin) => reading(pastTheHost(origin, (link) => link))),
    /nothing was asked again|came while/,
  ],
  [
    7,
    'any body will do',
    of(
      reading(async function* (http) {
        const body = await http.get(firstPage, z.unknown());
        yield { records: Array.isArray(body) ? Users.parse(body).map(toAccount) : [], cursor: null };
      }),
    ),
    /a strange answer \(shape\) on accounts/,
  ],
  [
    8,
    'a cursor skips a page',
    of(
      reading(async function* (http, from) {
        for (let here: string | null = from ?? firstPage; here !== null; ) {
          const page: { body: z.output<typeof Users>; next: Cursor | null } = await http.request(here, Users);
          const after: { next: Cursor | null } = page.next === null ? page : await http.request(page.next, Users);
          yield { records: page.body.map(toAccount), cursor: after.next };
          if (after.next === null && page.next !== null) {
            yield { records: (await http.get(page.next, Users)).map(toAccount), cursor: null };
          }
          here = page.next;
        }
      }),
    ),
    /accounts/,
  ],
  [
    9,
    'a link is followed wherever it leads',
    located((origin) => reading(pastTheHost(origin, (link) => link))),
    /another origin/,
  ],
  [
    10,
    'abort is not heard',
    located((origin) =>
      reading(async function* () {
        await Promise.all(
          Array.from({ length: 200 }, (_, i) =>
            fetch(`${origin()}/api/users?limit=1&after=${i % 7}`, {
              headers: { authorization: `Token ${goodToken}` },
            }).catch(() => null),
          ),
        );
        yield { records: [], cursor: null };
      }),
    ),
    /aborted at request/,
  ],
  [
    11,
    'everything is collected before it is handed over',
    of(
      reading(async function* (http) {
        const all: Account[] = [];
        for await (const { records } of http.pages(firstPage, Users.element, toAccount)) all.push(...records);
        for (let i = 0; i < all.length; i += 500) {
          yield { records: all.slice(i, i + 500), cursor: i + 500 >= all.length ? null : String(i) };
        }
      }),
    ),
    /grew the memory/,
  ],
  [
    12,
    'a stream is declared and yields nothing',
    of(
      reading(async function* () {
        yield { records: [], cursor: null };
      }),
    ),
    /yields no record/,
  ],
  [
    13,
    'an unknown cursor ends the list',
    of(
      reading(async function* (http, from) {
        if (from === null) return yield* http.pages(firstPage, Users.element, toAccount);
        const { status } = await http.request(from, z.unknown(), { accept: [410] });
        if (status === 410) yield { records: [], cursor: null };
        else yield* http.pages(from, Users.element, toAccount);
      }),
    ),
    /is missing/,
  ],
];

describe('the contract notices', () => {
  test.each(defects)('check %i: %s', async (check, _, subject, complaint) => {
    const { prove } = checks[check - 1] ?? expect.unreachable('no such check');
    await expect(prove(subject)).rejects.toThrow(complaint);
  });

  test('a defect for each of its thirteen checks', () => {
    expect(checks).toHaveLength(13);
    expect(new Set(defects.map(([check]) => check)).size).toBe(13);
  });
});
