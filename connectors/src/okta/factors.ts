import { empty, type Factor, stream } from '@gatehouse/connector-kit';
import { toFault } from '@gatehouse/kernel';
import { authenticatorsPath, numberChallengeOf } from './authenticators.ts';
import type { OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { assigneesPath, listAssignees } from './role-assignments.ts';
import { Identified, saidAt, textAt, timeAt } from './shapes.ts';
import { nested, walk } from './walk.ts';

/** Whether a push must be answered with the number on the screen. Null: not known. */
export type NumberChallenge = 'ALWAYS' | 'HIGH_RISK_ONLY' | 'NEVER' | null;

/**
 * One enrolled factor. Strength, as the catalogue of rules sees it: what a person can be talked into giving away is
 * weak (SMS, call, e-mail, question, one-time codes of an app, a push without a number to match); what is bound to the
 * address of the site cannot be phished (WebAuthn, U2F, FastPass, smart card); the rest is strong.
 * An unknown kind of factor has no strength rather than a guessed one.
 */
export const toFactor = (accountId: string, factor: Identified, numberChallenge: NumberChallenge): Factor => {
  const type = textAt(factor, 'factorType');
  return {
    ...empty('factors'),
    // Ids of factors are unique per user only: an e-mail factor may have the id of the address.
    id: `${accountId}/${factor.id}`,
    raw: rawOf(factor),
    accountId,
    type,
    provider: saidAt(factor, 'vendorName') ?? textAt(factor, 'provider'),
    strength: strengthOf(type, numberChallenge),
    status: statuses[textAt(factor, 'status') ?? ''] ?? null,
    createdAt: timeAt(factor, 'created'),
    lastUsedAt: timeAt(factor, 'lastVerified'),
  };
};

const strengths: Readonly<Record<string, Factor['strength']>> = {
  sms: 'weak',
  call: 'weak',
  email: 'weak',
  question: 'weak',
  'token:software:totp': 'weak',
  'token:hotp': 'weak',
  token: 'strong',
  'token:hardware': 'strong',
  web: 'strong',
  webauthn: 'phishing_resistant',
  u2f: 'phishing_resistant',
  signed_nonce: 'phishing_resistant',
  smart_card: 'phishing_resistant',
  cert: 'phishing_resistant',
};

const strengthOf = (type: string | null, numberChallenge: NumberChallenge): Factor['strength'] => {
  if (type !== 'push') return strengths[type ?? ''] ?? null;
  if (numberChallenge === null) return null;
  return numberChallenge === 'ALWAYS' ? 'strong' : 'weak';
};

const statuses: Readonly<Record<string, Factor['status']>> = {
  ACTIVE: 'active',
  PENDING_ACTIVATION: 'pending',
  ENROLLED: 'pending',
  NOT_SETUP: 'inactive',
  INACTIVE: 'inactive',
  DISABLED: 'inactive',
  EXPIRED: 'inactive',
};

/** A setting of the organisation, not of the factor. Not known where authenticators may not be read. */
const readNumberChallenge = async (client: OktaClient): Promise<NumberChallenge> => {
  if (!(await client.session.has('okta.authenticators.read'))) return null;
  try {
    const { items } = await client.list(authenticatorsPath, Identified);
    const verify = items.find((item) => textAt(item, 'key') === 'okta_verify');
    return verify === undefined ? null : numberChallengeOf(verify);
  } catch (error) {
    if (!mayGoWithout(error)) throw error;
    return null;
  }
};

/** What only helps is done without where it cannot be had; a system that is down or slow is no such case. */
const mayGoWithout = (error: unknown) => ['forbidden', 'unexpected'].includes(toFault(error).kind);

/**
 * The second factors of everybody, administrators first: one request a user, so this is what takes longest, and the
 * people who matter most must not wait for it. Users who are deactivated have none.
 */
export const factors = stream<OktaClient, 'factors'>({
  record: 'factors',
  title: 'Second factors',
  needs: 'the scope okta.users.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 12 * 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.users.read');
    const numberChallenge = await readNumberChallenge(client);
    const each = async (c: OktaClient, { id }: Identified, at: string | null) => {
      const { items, ...rest } = await c.listOf(`/api/v1/users/${encodeURIComponent(id)}/factors`, at, Identified);
      return { records: items.map((factor) => toFactor(id, factor, numberChallenge)), ...rest };
    };
    const administrators = nested({ first: assigneesPath, list: listAdministrators, each });
    const everyone = nested({
      first: '/api/v1/users?limit=200&fields=id,status',
      list: (c, path) => c.list(path, Identified),
      each,
    });
    yield* walk(client, { sections: [administrators, everyone] }, from);
  },
  probe: (client) => client.probe('/api/v1/users?limit=1', 'okta.users.read'),
});

/** Only for the order: where administrators may not be listed, everybody is read all the same. */
const listAdministrators = async (client: OktaClient, path: string) => {
  const nobody = { items: [], leftOut: [], next: null };
  if (!(await client.session.has('okta.roles.read'))) return nobody;
  try {
    return await listAssignees(client, path);
  } catch (error) {
    if (!mayGoWithout(error)) throw error;
    return nobody;
  }
};
