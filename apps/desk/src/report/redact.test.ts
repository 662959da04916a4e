import { describe, expect, test } from 'vitest';
import type { SessionReport } from '../api/report.ts';
import { openRedact, redactReport } from './redact.ts';

const redact = openRedact([]);
const hidden = 'hunter2!';

describe('what follows a word for a secret is blacked out', () => {
  test.each([
    `the password: ${hidden}`,
    `Passwort ist ${hidden}`,
    `{"password": "${hidden}"}`,
    `{'api_key':'${hidden}'}`,
    `DB_PASSWORD=${hidden}`,
    `the password for the router is ${hidden}`,
    `Das Kennwort für Anna lautet ${hidden}`,
    `<add><password>${hidden}</password></add>`,
    `<db.password>${hidden}</db.password>`,
    `psql postgres://anna:${hidden}@db.corp.example/x`,
    `Authorization: Bearer ${hidden.slice(0, -1)}${'a'.repeat(40)}`,
    `пароль: ${hidden}`,
    `mot de passe : ${hidden}`,
    `contraseña=${hidden}`,
    `密码：${hidden}`,
    `passwd: ${hidden}`,
    `password: "${hidden} and more"`,
    `pwd = ${'x'.repeat(700)}${hidden}`,
  ])('%s', (text) => {
    const left = redact(text);
    expect(left).toContain('█████');
    expect(left).not.toContain('hunter2');
    expect(left).not.toContain('and more');
  });

  test.each([
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '4111\u00a01111\u00a01111\u00a01111',
    '4111.1111.1111.1111',
  ])('a card as %s', (card) => expect(redact(`It is ${card}, thanks`)).toBe('It is █████, thanks'));

  test.each([
    'We compassed the islands: all of them.',
    'Order 4111111111111112 is not a card',
    'Spinning is fun; the tokenizer = fast',
    'Call +49 30 901820 at 12:30',
    'https://docs.example/a:b@c',
  ])('and nothing else: %s', (text) => expect(redact(text)).toBe(text));
});

const person = {
  ...{ gsnumber: '1', username: hidden, issue: hidden, hostname: hidden, system: hidden },
  ...{ name: hidden, company: hidden, address: hidden, isPrimary: true, seconds: null },
};
const event = (type: string, body: string, by = 'Carol') => ({
  ...{ at: '2026-01-01T00:00:00.000Z', type, by, body, isPrivate: false },
  ...{ file: { name: `${hidden}.txt`, bytes: 1 }, data: [{ name: 'comment', value: hidden }] },
});
const report = (events: SessionReport['events']): SessionReport => ({
  ...{ lsid: 'a', externalKey: 'SC-1', beganAt: null, endedAt: null, customers: [person], representatives: [person] },
  ...{
    events,
    system: [
      {
        name: 'Environment',
        rows: [
          { name: 'API_KEY', value: '0815' },
          { name: 'x', value: hidden },
        ],
      },
    ],
  },
  surveys: [
    {
      ...{ by: 'customer', name: hidden, at: null },
      answers: [{ name: 'comments', label: `Is ${hidden} it?`, value: hidden }],
    },
  ],
  downloads: { chat: null, recordings: [], files: [] },
});

test('an own rule holds for every part of a report: names, files, machines, surveys', () => {
  const left = redactReport(report([event('Session Note Added', hidden, hidden)]), openRedact(['hunter\\d']));
  expect(JSON.stringify(left)).not.toContain('hunter2');
  expect(left.system[0]?.rows[0]).toEqual({ name: 'API_KEY', value: '█████' });
  expect(left.externalKey).toBe('SC-1');
});

test('an answer of one word to the question for a secret is the secret', () => {
  const chat = (texts: readonly string[]) =>
    redactReport(report(texts.map((text) => event('Chat Message', text))), redact).events.map(({ body }) => body);
  expect(chat(['What is your password?', hidden, 'thanks'])).toEqual(['What is your password?', '█████', 'thanks']);
  expect(chat(['my PIN is', '08154711'])).toEqual(['my PIN is', '█████']);
  expect(chat(['Did the test pass?', 'Certainly'])).toEqual(['Did the test pass?', 'Certainly']);
  expect(chat(['What is your password?', 'I do not know it', 'restart'])).toEqual([
    ...['What is your password?', 'I do not know it', 'restart'],
  ]);
});

test('long words that look like the beginning of a secret take no long time', () => {
  const begun = performance.now();
  for (const text of [
    `password ${'for '.repeat(25_000)}`,
    `<${'password '.repeat(10_000)}`,
    '4'.repeat(100_000),
    'a://'.repeat(25_000),
    `-----BEGIN ${'PRIVATE KEY-----'.repeat(5_000)}`,
  ])
    redact(text);
  expect(performance.now() - begun).toBeLessThan(5_000);
});
