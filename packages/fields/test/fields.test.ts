import { Secret } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fields, describe as schemaOf, secretNames } from '../src/index.ts';
import { unexplained } from '../src/testing/index.ts';

const rows = { linux: 'Linux credentials', windows: 'Windows credentials' } as const;
const table = fields.table(
  'Jobs',
  'The job of each type.',
  rows,
  fields.number('Job', 'Its number.', { min: 1, max: 99 }),
);

describe('a table', () => {
  test('is an object of JSON Schema with a titled property for each row, none required', () => {
    expect(schemaOf(fields.object({ jobs: table })).properties?.jobs).toMatchObject({
      ...{ type: 'object', format: 'table', title: 'Jobs', additionalProperties: false },
      properties: {
        linux: { type: 'integer', title: 'Linux credentials', minimum: 1, maximum: 99 },
        windows: { type: 'integer', title: 'Windows credentials' },
      },
    });
    expect(schemaOf(table).required).toBeUndefined();
  });

  test('takes its rows, some or none, and no other', () => {
    expect(table.parse({ linux: 7 })).toEqual({ linux: 7 });
    expect(table.parse({})).toEqual({});
    expect(table.safeParse({ linux: 0 }).error?.issues[0]?.path).toEqual(['linux']);
    expect(table.safeParse({ solaris: 1 }).success).toBe(false);
  });
});

test('what is not always needed is null where it is left out or was emptied again', () => {
  const optional = fields.object({
    secret: fields.secretOrNone('Key', 'The key of it, if any.'),
    text: fields.textOrNone('Name', 'The name of it, if any.'),
    certificates: fields.certificates('Certificates', 'Those of it, if any.'),
  });
  const none = { secret: null, text: null, certificates: null };
  expect(optional.parse({})).toEqual(none);
  expect(optional.parse({ secret: '', text: ' ', certificates: '' })).toEqual(none);
  const some = optional.parse({ secret: 's', text: ' t ' });
  expect(some).toMatchObject({ secret: expect.any(Secret), text: 't' });
  expect(schemaOf(optional).required).toBeUndefined();
  expect(optional.safeParse({ certificates: 'nonsense' }).error?.issues[0]?.path).toEqual(['certificates']);
});

test('secrets are found wherever they are, with the names on the way to them', () => {
  const secret = fields.secret('Key', 'The key of it, please.');
  const config = fields.object({
    own: secret,
    plain: fields.text('Name', 'The name of it, please.'),
    signIn: fields.oneOf('method', [
      fields.object({ method: z.literal('key'), key: secret }),
      fields.object({ method: z.literal('app'), app: fields.object({ secret }) }),
    ]),
  });
  expect(secretNames(config)).toEqual(['own', 'signIn.key', 'signIn.app.secret']);
});

test('a setting without words, and plain text with the name of a secret, are found at any depth', () => {
  const isSecretName = (name: string) => name.endsWith('token');
  const config = fields.object({
    group: fields.oneOf('method', [fields.object({ method: z.literal('a'), token: fields.text('T', 'No') })]),
  });
  expect(unexplained(config, isSecretName).join('; ')).toMatch(/group has no title.*group\.token smells of a secret/s);
});
