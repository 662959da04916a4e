import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import { z } from 'zod';
import type { OktaClient } from './client.ts';
import type { NumberChallenge } from './factors.ts';
import { rawOf } from './raw.ts';
import { Identified, switchOf, textAt, textsAt, timeAt } from './shapes.ts';
import { nested, walk, whereOffered } from './walk.ts';

export const authenticatorsPath = '/api/v1/authenticators';

/** Methods have no id; their type is one within the authenticator. */
export const Method = z.looseObject({ type: z.string().min(1) });
type Method = z.output<typeof Method>;

export const numberChallengeOf = (verify: Identified): NumberChallenge => {
  const required = textAt(verify, 'settings', 'channelBinding', 'required');
  return required === 'ALWAYS' || required === 'HIGH_RISK_ONLY' || required === 'NEVER' ? required : null;
};

/**
 * A way to sign in that the organisation offers. `attributes`: `key` (okta_verify, webauthn, phone_number …),
 * `authenticatorType`, `methods` (those that are on: push, totp, signed_nonce, sms …), `numberChallenge`,
 * `userVerification`, `allowedFor` (recovery, any, sso …), `fips`.
 */
export const toAuthenticator = (authenticator: Identified, methods: readonly Method[]): Resource => ({
  ...empty('resources'),
  id: authenticator.id,
  raw: rawOf({ ...authenticator, methods: methods.map(({ _links, ...method }) => method) }),
  type: 'authenticator',
  name: textAt(authenticator, 'name'),
  status: switchOf(authenticator),
  createdAt: timeAt(authenticator, 'created'),
  attributes: {
    key: textAt(authenticator, 'key'),
    authenticatorType: textAt(authenticator, 'type'),
    methods: methods.filter((method) => textAt(method, 'status') === 'ACTIVE').map(({ type }) => type),
    numberChallenge: numberChallengeOf(authenticator),
    userVerification: textAt(authenticator, 'settings', 'userVerification'),
    userVerificationMethods: textsAt(authenticator, 'settings', 'userVerificationMethods'),
    allowedFor: textAt(authenticator, 'settings', 'allowedFor'),
    fips: textAt(authenticator, 'settings', 'compliance', 'fips'),
  },
});

export const authenticators = stream<OktaClient, 'resources'>({
  record: 'resources',
  title: 'Authenticators',
  needs: 'the scope okta.authenticators.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.authenticators.read');
    const section = nested({
      first: authenticatorsPath,
      list: whereOffered((c, path) => c.list(path, Identified)),
      async each(c, authenticator, at) {
        const first = `${authenticatorsPath}/${encodeURIComponent(authenticator.id)}/methods`;
        const { items } = await c.listOf(first, at, Method);
        return { records: [toAuthenticator(authenticator, items)], next: null };
      },
    });
    yield* walk(client, { sections: [section] }, from);
  },
  probe: (client) => client.probe(authenticatorsPath, 'okta.authenticators.read'),
});
