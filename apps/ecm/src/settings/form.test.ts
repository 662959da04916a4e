import { fields } from '@gatehouse/fields';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { valuesFrom } from '../configure/page/fields.ts';
import { formOf, secretPaths, valueAt, withValue } from './form.ts';

const config = fields.object({
  url: fields.url('Address', 'Where it is.'),
  signIn: fields.oneOf('method', [
    fields.object({ method: z.literal('key'), apiKey: fields.secret('API key', 'Made there.') }),
    fields.object({
      method: z.literal('user'),
      name: fields.text('Name', 'Of the user.'),
      password: fields.secret('Password', 'Its own.'),
    }),
  ]),
  jobs: z
    .strictObject({
      linux: z.int().min(1).meta({ title: 'Linux' }).optional(),
      windows: z.int().meta({ title: 'Windows' }).optional(),
    })
    .meta({ title: 'Template jobs', format: 'table' })
    .default({}),
  spin: fields.toggle('Spin', 'After it.').default(true),
});

test('a form has a field for everything in the schema, however deep, and alternatives behind their choice', () => {
  expect(formOf(config).map(({ path, kind, when, group }) => [path, kind, when?.value ?? null, group.join()])).toEqual([
    ['url', 'text', null, ''],
    ['signIn.method', 'choice', null, ''],
    ['signIn.apiKey', 'secret', 'key', 'signIn'],
    ['signIn.name', 'text', 'user', 'signIn'],
    ['signIn.password', 'secret', 'user', 'signIn'],
    ['jobs.linux', 'number', null, 'Template jobs'],
    ['jobs.windows', 'number', null, 'Template jobs'],
    ['spin', 'toggle', null, ''],
  ]);
  expect(secretPaths(config)).toEqual(['signIn.apiKey', 'signIn.password']);
});

test('what a form sends becomes settings that the schema takes, without the alternatives that were not chosen', () => {
  const sent = new URLSearchParams({
    ...{ url: ' https://vault.example ', 'signIn.method': 'user', 'signIn.name': 'svc', 'signIn.password': '' },
    ...{ 'signIn.apiKey': 'not chosen', 'jobs.linux': '22', 'jobs.windows': '' },
  });
  const values = valuesFrom(formOf(config), sent, { signIn: { password: 'entered before' } });
  expect(values).toEqual({
    ...{ url: 'https://vault.example', jobs: { linux: 22 }, spin: false },
    signIn: { method: 'user', name: 'svc', password: 'entered before' },
  });
  expect(config.safeParse(values).success).toBe(true);
  const wrong = valuesFrom(formOf(config), new URLSearchParams({ 'jobs.linux': 'many' }), {});
  expect(config.safeParse(wrong).error?.issues.map(({ path }) => path.join('.'))).toContain('jobs.linux');
});

test('values are found and changed by their path, and names of prototypes are none', () => {
  const values = { a: { b: 1 } };
  expect(valueAt(values, 'a.b')).toBe(1);
  expect(valueAt(values, 'a.constructor')).toBeUndefined();
  expect(withValue(values, 'a.c', 2)).toEqual({ a: { b: 1, c: 2 } });
  expect(withValue(values, 'a.b', undefined)).toEqual({ a: {} });
  expect(values).toEqual({ a: { b: 1 } });
});
