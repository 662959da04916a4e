import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createHost } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toAsset, toWorkgroup } from '../assets.ts';
import { createClient, type PasswordSafeClient } from '../client.ts';
import { toFunctionalAccount } from '../functional-accounts.ts';
import { toCredential, toManagedAccount } from '../managed-accounts.ts';
import { toResource } from '../managed-systems.ts';
import { readPlatforms } from '../platforms.ts';
import { type Answering, openAnswering } from './answering.ts';

const file = resolve(import.meta.dirname, '../../../../../shared/corpora/beyondtrust/password-safe-responses.jsonl');
const isThere = existsSync(file);
const why = isThere ? '' : ` (skipped: there are no recordings at ${file})`;

type Item = Readonly<Record<string, unknown>>;

/** What a recorded item is, by its properties: many recordings have lost their path. */
interface Kind {
  readonly name: string;
  is(item: Item): boolean;
  /** Reads the item as the stream does, and what of it must be found again in the record. */
  readonly read?: (item: unknown) => { readonly id: string };
  /** The property that is its number, and how the record is named by it. */
  readonly number?: readonly [property: string, kind: string];
  /** Properties that are found again in the record, as they are. */
  readonly kept?: readonly string[];
}

const has =
  (...names: readonly string[]) =>
  (item: Item) =>
    names.every((name) => name in item);
const kinds: readonly Kind[] = [
  { name: 'sign-in', is: has('UserId', 'EmailAddress') },
  {
    ...{ name: 'managed account', is: has('ManagedAccountID'), read: (item) => toManagedAccount(item, null) },
    ...{ number: ['ManagedAccountID', 'managed-account'], kept: ['AccountName'] },
  },
  {
    ...{ name: 'managed account of a role', is: has('AccountId'), read: (item) => toCredential(item, null) },
    ...{ number: ['AccountId', 'vault-item'], kept: ['AccountName'] },
  },
  {
    ...{ name: 'managed system', is: has('ManagedSystemID'), read: (item) => toResource(item, new Map()) },
    ...{ number: ['ManagedSystemID', 'managed-system'], kept: ['SystemName'] },
  },
  {
    ...{ name: 'asset', is: has('AssetName'), read: toAsset, number: ['AssetID', 'asset'] },
    kept: ['AssetName', 'DnsName', 'DomainName', 'IPAddress', 'OperatingSystem', 'Description'],
  },
  { name: 'database', is: has('DatabaseID') },
  {
    ...{
      name: 'functional account',
      is: (item) => 'FunctionalAccountID' in item || has('DomainName', 'AccountName')(item),
    },
    ...{ read: toFunctionalAccount, number: ['FunctionalAccountID', 'functional-account'], kept: ['AccountName'] },
  },
  { name: 'workgroup', is: has('OrganizationID', 'ID'), read: toWorkgroup, number: ['ID', 'workgroup'] },
  { name: 'platform', is: has('PlatformID', 'Name') },
  { name: 'token', is: has('access_token') },
  { name: 'secret or folder', is: (item) => 'Id' in item },
  { name: 'words', is: (item) => 'Message' in item || 'error' in item },
];

describe.skipIf(!isThere)(`recordings of Password Safe${why}`, () => {
  const bodies: readonly unknown[] = isThere
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { body: unknown }).body) // as the recordings' description says
    : [];
  const itemsOf = (body: unknown): readonly Item[] => {
    const list = (body as { Data?: unknown }).Data ?? body; // an object in every recording
    return (Array.isArray(list) ? list : [list]) as readonly Item[];
  };
  const kindOf = (body: unknown): Kind | undefined => kinds.find(({ is }) => itemsOf(body).every(is));
  const ofKind = (name: string) => bodies.filter((body) => kindOf(body)?.name === name);

  let served: unknown;
  let server: Answering;
  let client: PasswordSafeClient;
  const connect = () => {
    const host = createHost({ signal: new AbortController().signal, clock: createTestClock(), attempts: 1 });
    const base = `${server.origin}/BeyondTrust/api/public/v3`;
    return createClient(host, { base, apiKey: new Secret('k'), runAs: 'gatehouse', password: null });
  };
  beforeAll(async () => {
    server = await openAnswering((path) =>
      path === '/Auth/SignAppin' ? { body: ofKind('sign-in')[0] } : path === '/recorded' ? { body: served } : undefined,
    );
    client = connect();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  test('are all of a kind that is known, and most kinds are read', () => {
    const counts = Object.fromEntries(kinds.map(({ name }) => [name, ofKind(name).length]));
    expect(bodies.filter((body) => kindOf(body) === undefined)).toEqual([]);
    expect(bodies).toHaveLength(170);
    expect(counts).toEqual({
      ...{ 'sign-in': 83, 'managed account': 4, 'managed account of a role': 2, 'managed system': 5, asset: 4 },
      ...{
        database: 3,
        'functional account': 2,
        workgroup: 1,
        platform: 1,
        token: 30,
        'secret or folder': 29,
        words: 6,
      },
    });
  });

  test('of lists lose no item and mistake none: what has no number is said, everything else is found again', async () => {
    let records = 0;
    let said = 0;
    for (const body of bodies) {
      const { read, number, kept = [], name } = kindOf(body) ?? {};
      if (read === undefined || number === undefined) continue;
      const items = itemsOf(body);
      for (const how of ['bare', 'divided'] as const) {
        served = how === 'bare' ? items : { TotalCount: items.length, Data: items };
        const found = await client.stretch('/recorded', null, read);
        expect(found.next).toBeNull();
        expect(found.items.length + found.leftOut.length, name).toBe(items.length);
        const readable = items.filter((item) => item[number[0]] !== undefined);
        expect(found.items.map(({ id }) => id)).toEqual(readable.map((item) => `${number[1]}:${item[number[0]]}`));
        for (const [i, item] of readable.entries()) {
          const words = JSON.stringify(found.items[i]);
          for (const property of kept)
            if (property in item) expect(words).toContain(JSON.stringify(item[property]).slice(1, -1));
        }
        records += found.items.length;
        said += found.leftOut.length;
      }
    }
    expect({ records, said }).toEqual({ records: 42, said: 6 });
  });

  test('of signing in all open a session', async () => {
    for (const body of ofKind('sign-in')) {
      await using other = await openAnswering((path) => (path === '/Auth/SignAppin' ? { body } : undefined));
      const host = createHost({ signal: new AbortController().signal, clock: createTestClock(), attempts: 1 });
      const base = `${other.origin}/BeyondTrust/api/public/v3`;
      await createClient(host, { base, apiKey: new Secret('k'), runAs: 'gatehouse', password: null }).signIn();
    }
  });

  test('of platforms name them', async () => {
    served = ofKind('platform')[0];
    await using other = await openAnswering((path) => (path === '/Platforms' ? { body: served } : undefined));
    const host = createHost({ signal: new AbortController().signal, clock: createTestClock(), attempts: 1 });
    const base = `${other.origin}/BeyondTrust/api/public/v3`;
    const named = await readPlatforms(
      createClient(host, { base, apiKey: new Secret('k'), runAs: 'g', password: null }),
    );
    expect([...named]).toEqual([
      [25, 'Amazon'],
      [26, 'AIX'],
    ]);
  });

  test('that are words rather than a list are a fault, never an empty list', async () => {
    for (const body of [...ofKind('words'), ...ofKind('token')]) {
      served = body;
      await expect(client.list('/recorded', toAsset)).rejects.toMatchObject({ kind: 'unexpected' });
      await expect(client.stretch('/recorded', null, toAsset)).rejects.toMatchObject({ kind: 'unexpected' });
    }
  });
});
