import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { type ErrorKind, errorCodes, mayRepeat } from './errors.ts';
import { importPrivate } from './hpke.ts';
import { closings, ecmPath, limits, subprotocol } from './limits.ts';
import { methods } from './messages.ts';
import { createSessionKey, prepareSeal } from './sealing.ts';
import { secondKey } from './testing/second.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/ecm-protocol.md'), 'utf8');

test('the page and the code name the same errors, close codes, methods and limits', () => {
  const rows = [...page.matchAll(/^\| (-32\d{3}) \| `([a-z_]+)` \| (yes|no) \|/gm)];
  const onPage = Object.fromEntries(rows.map(([, code, kind, retry]) => [kind, [Number(code), retry === 'yes']]));
  const { disconnected: _, ...sent } = errorCodes;
  expect(onPage).toEqual(
    Object.fromEntries(Object.entries(sent).map(([kind, code]) => [kind, [code, mayRepeat(kind as ErrorKind)]])),
  );
  expect([...page.matchAll(/^\| (4\d{3}) \|/gm)].map(([, code]) => Number(code)).sort()).toEqual(
    Object.values(closings).sort(),
  );
  const named = [...page.matchAll(/^##+ (?:From both: )?`([a-z.]+)`$/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(methods).sort());
  for (const said of [
    ...[`GET ${ecmPath} `, subprotocol, `${limits.messageBytes.toLocaleString('en')} bytes`],
    ...[`at most ${limits.depth} deep`, `After ${limits.badMessages} of them in a row`, '1 to 1,024', '1 to 600,000'],
  ])
    expect(page).toContain(said);
  expect([limits.window, limits.deadlineMs]).toEqual([1_024, 600_000]);
});

test('the test vector of the page is what both implementations make of it', () => {
  const value = (name: string) => new RegExp(`^${name} +(\\S+)`, 'm').exec(page)?.[1] ?? '';
  const context = { lease: value('lease'), correlation: value('correlation'), credential: value('credential') };
  const bytes = Buffer.from(value('session private key'), 'hex');
  const session = createSessionKey(importPrivate(bytes));
  expect(session.publicKey).toBe(value('publicKey'));
  const credential = {
    kind: 'password',
    username: 'root',
    domain: null,
    password: new Secret('correct horse'),
  } as const;
  const sealed = { enc: value('enc'), ciphertext: value('ciphertext') };
  const ephemeral = importPrivate(Buffer.from(value('ephemeral private'), 'hex'));
  expect(prepareSeal(session.publicKey, ephemeral)(credential, context)).toEqual(sealed);
  const { password, ...rest } = { password: null, ...secondKey(bytes).open(sealed, context) };
  expect({ ...rest, password }).toEqual({ ...credential, password: 'correct horse' });
});
