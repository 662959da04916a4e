import { fields } from '@gatehouse/fields';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { discriminatorOf, type FieldSchema, missingFields, sentValues, startValues, variantsOf } from './schema.ts';

const config = fields.object({
  orgUrl: fields.url('Org URL', 'The address you sign in to.'),
  key: fields.secretText('PEM key', 'Paste it.'),
  daily: fields.toggle('Daily', 'Every day.'),
  auth: fields
    .oneOf('method', [
      z
        .strictObject({ method: z.literal('token'), token: fields.secret('Token', 'Paste it.') })
        .meta({ title: 'Token' }),
      z.strictObject({ method: z.literal('app'), appId: fields.text('App ID', 'A number.') }).meta({ title: 'App' }),
    ])
    .meta({ title: 'Sign in with', description: 'How.' }),
});
const schema = z.toJSONSchema(config, { io: 'input' }) as unknown as FieldSchema;

test('a discriminated union of the settings is a choice whose alternatives are told apart by one property', () => {
  const auth = schema.properties?.auth ?? {};
  expect(variantsOf(auth).map(discriminatorOf)).toEqual([
    { name: 'method', value: 'token' },
    { name: 'method', value: 'app' },
  ]);
});

test('a kept secret and an empty text are not sent, at any depth', () => {
  expect(sentValues({ orgUrl: '', key: { isSet: true }, auth: { method: 'token', token: { isSet: true } } })).toEqual({
    auth: { method: 'token' },
  });
});

test('a required field that is empty is named by its title', () => {
  expect(missingFields(schema, { orgUrl: '', key: { isSet: true }, daily: false, auth: { method: 'app' } })).toEqual({
    orgUrl: '“Org URL” is needed.',
  });
});

test('a form starts with what is known, then with defaults, and a toggle starts off', () => {
  expect(startValues(schema, { orgUrl: 'https://acme.okta.com', key: { isSet: true } })).toEqual({
    orgUrl: 'https://acme.okta.com',
    key: { isSet: true },
    daily: false,
  });
});
