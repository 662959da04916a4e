import { randomBytes } from 'node:crypto';
import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDisk } from '@gatehouse/host/agent';
import { createTestClock } from '@gatehouse/host/testing';
import { Fault, Secret } from '@gatehouse/kernel';
import { tokensContract } from '@gatehouse/vault-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { openFolders, textIn } from '../testing/configured.ts';
import { clearTokens, createTokenCache, findTokenKey, tokenKeyName } from './index.ts';

const folders = openFolders();
afterAll(() => folders.remove());
const key = randomBytes(32);

/** A cache, and log-ins that are counted. */
const start = (more: { home?: string; key?: Buffer | null; plugin?: string; lifetimeMs?: number | null } = {}) => {
  const { home = folders.make(), plugin = 'p', lifetimeMs = 600_000 } = more;
  const clock = createTestClock();
  const said: string[] = [];
  const tokens = createTokenCache({
    ...{ disk: realDisk, home, plugin, key: more.key === undefined ? key : more.key, clock },
    say: (sentence) => void said.push(sentence),
  });
  let logIns = 0;
  const logIn = async () => {
    logIns++;
    await new Promise((resolve) => setImmediate(resolve));
    const expiresAt = lifetimeMs === null ? null : new Date(clock.now().getTime() + lifetimeMs);
    return { value: new Secret(`plain-token-${logIns}`), expiresAt };
  };
  const use = (identity = 'NS\\sarcher') => tokens.using(identity, logIn, async (token) => token.reveal());
  return { home, tokens, clock, logIn, use, said, logIns: () => logIns };
};

test('there is one log-in for an identity, however many ask at once, and none while its token is good', async () => {
  const { use, logIns, clock } = start();
  expect(new Set(await Promise.all(Array.from({ length: 30 }, () => use())))).toEqual(new Set(['plain-token-1']));
  await use('somebody else');
  expect(logIns()).toBe(2);
  clock.advance(600_001);
  expect(await use()).toBe('plain-token-3');
});

test('a refused token is replaced once, by one log-in for all that it was refused to; a second refusal is thrown', async () => {
  const { tokens, logIn, use, logIns } = start();
  await use();
  const refuse = (which: string) => async (token: Secret) => {
    if (token.reveal() === which) throw new Fault('unauthorized', 'No.');
    return token.reveal();
  };
  const all = Array.from({ length: 10 }, () => tokens.using('NS\\sarcher', logIn, refuse('plain-token-1')));
  expect(new Set(await Promise.all(all))).toEqual(new Set(['plain-token-2']));
  expect(logIns()).toBe(2);
  const never = tokens.using('NS\\sarcher', logIn, async () => {
    throw new Fault('unauthorized', 'Never.');
  });
  await expect(never).rejects.toMatchObject({ advice: 'Never.' });
  expect(logIns()).toBe(3);
  const other = tokens.using('NS\\sarcher', logIn, async () => {
    throw new Fault('forbidden', 'Not this.');
  });
  await expect(other).rejects.toMatchObject({ kind: 'forbidden' });
  // Refused for another reason: the token stays.
  await use();
  expect(logIns()).toBe(4);
});

test('a log-in that fails is tried again by the next one who asks', async () => {
  const { tokens, use } = start();
  const fails = () => Promise.reject(new Fault('unreachable', 'Away.'));
  await expect(tokens.using('NS\\sarcher', fails, async () => 1)).rejects.toMatchObject({ kind: 'unreachable' });
  expect(await use()).toBe('plain-token-1');
});

test('tokens last over a restart, unreadable and unnamed on the disk, and for the same key and plugin alone', async () => {
  const { home, use } = start();
  await use();
  const written = textIn(home);
  expect(written).not.toMatch(/plain-token|sarcher/);
  expect(readdirSync(join(home, 'tokens')).filter((name) => name.endsWith('.token'))).toHaveLength(1);
  const again = start({ home });
  expect(await again.use()).toBe('plain-token-1');
  expect(again.logIns()).toBe(0);
  const otherPlugin = start({ home, plugin: 'q' });
  await otherPlugin.use();
  expect(otherPlugin.logIns()).toBe(1);
  const otherKey = start({ home, key: randomBytes(32) });
  await otherKey.use();
  expect(otherKey.logIns()).toBe(1);
});

test('a token that was changed on the disk, or put in another’s place, is not used', async () => {
  const { home, use } = start();
  await use();
  await use('other');
  const folder = join(home, 'tokens');
  const [one = '', two = ''] = readdirSync(folder).filter((name) => name.endsWith('.token'));
  writeFileSync(join(folder, one), (await realDisk.read(join(folder, two))) ?? '');
  writeFileSync(join(folder, two), 'x'.repeat(80));
  const again = start({ home });
  await again.use();
  await again.use('other');
  expect(again.logIns()).toBe(2);
});

test('clearing the cache reaches an ECM that runs, and one that has no key to keep tokens with', async () => {
  for (const kept of [key, null]) {
    const { home, use, logIns } = start({ key: kept });
    await use();
    expect(await clearTokens(realDisk, home)).toBe(kept === null ? 0 : 1);
    await use();
    await use();
    expect(logIns()).toBe(2);
    expect(textIn(home).includes('.token')).toBe(kept !== null);
  }
});

const find = (environment: NodeJS.ProcessEnv, home = folders.make()) =>
  findTokenKey(environment, { disk: realDisk, home });

test('a key is what systemd hands over; without it nothing is written', async () => {
  const folder = folders.make();
  expect(await find({})).toMatchObject({ key: null, where: expect.stringContaining('in memory only') });
  expect(await find({ CREDENTIALS_DIRECTORY: folder })).toMatchObject({ key: null });
  writeFileSync(join(folder, tokenKeyName), `${key.toString('base64')}\n`);
  const passphrase = { GATEHOUSE_ECM_TOKEN_PASSPHRASE: 'a passphrase of some length' };
  expect((await find({ CREDENTIALS_DIRECTORY: folder, ...passphrase })).key?.equals(key)).toBe(true);
  writeFileSync(join(folder, tokenKeyName), 'short');
  expect(await find({ CREDENTIALS_DIRECTORY: folder, ...passphrase })).toMatchObject({ key: null });
  const { home, use } = start({ key: null });
  await use();
  expect(textIn(home)).not.toContain('.token');
});

test('without systemd a passphrase is enough for tokens to last over a restart, and it is nowhere beside them', async () => {
  const [home, other] = [folders.make(), folders.make()];
  const file = join(other, 'passphrase');
  const words = 'a passphrase of some length';
  writeFileSync(file, `${words}\n`, { mode: 0o600 });
  const byFile = await find({ GATEHOUSE_ECM_TOKEN_PASSPHRASE_FILE: file }, home);
  expect(byFile.where).toBe(`Tokens are kept encrypted, with a key from the passphrase in ${file}.`);
  await start({ home, key: byFile.key }).use();
  const byVariable = await find({ GATEHOUSE_ECM_TOKEN_PASSPHRASE: words }, home);
  expect(byVariable.key).toEqual(byFile.key);
  const again = start({ home, key: byVariable.key });
  expect(await again.use()).toBe('plain-token-1');
  expect(again.logIns()).toBe(0);
  expect(textIn(home)).not.toMatch(/passphrase|plain-token|sarcher/);
  // Another passphrase opens nothing, and the same one makes another key in another folder.
  const wrong = await find({ GATEHOUSE_ECM_TOKEN_PASSPHRASE: `${words}!` }, home);
  const opened = start({ home, key: wrong.key });
  await opened.use();
  expect(opened.logIns()).toBe(1);
  expect((await find({ GATEHOUSE_ECM_TOKEN_PASSPHRASE: words }, other)).key).not.toEqual(byFile.key);
});

test('a passphrase beside the tokens, open to others, too short or away is none', async () => {
  const [home, other] = [folders.make(), folders.make()];
  const write = (folder: string, text: string, mode: number) => {
    const file = join(folder, `passphrase-${randomBytes(4).toString('hex')}`);
    writeFileSync(file, text, { mode });
    return file;
  };
  const words = 'a passphrase of some length';
  const link = join(other, 'link');
  symlinkSync(write(home, words, 0o600), link);
  for (const [file, why] of [
    [write(home, words, 0o600), 'is in the folder of the ECM'],
    [link, 'is in the folder of the ECM'],
    [write(other, words, 0o640), 'is open to others'],
    [write(other, 'short', 0o600), 'is shorter than 16 characters'],
    [join(other, 'nothing'), 'cannot be read'],
  ] as const)
    expect(await find({ GATEHOUSE_ECM_TOKEN_PASSPHRASE_FILE: file }, home)).toMatchObject({
      ...{ key: null, where: expect.stringContaining(why) },
    });
});

for (const [name, kept] of [
  ['The cache of the ECM with a key', key],
  ['The cache of the ECM without one', null],
] as const)
  tokensContract(name, (clock) =>
    createTokenCache({
      ...{ disk: realDisk, home: folders.make(), plugin: 'p', key: kept, clock },
      say: () => undefined,
    }),
  );
