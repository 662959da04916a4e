import { type Credential, empty, stream } from '@gatehouse/connector-kit';
import type { Readable } from '@gatehouse/host';
import { z } from 'zod';
import { listApps, oauthOf, parentAppsPath } from './apps.ts';
import { anyList, itemsIn, type OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { type Identified, listAt, saidAt, textAt, timeAt } from './shapes.ts';
import { type Leaf, nested, walk } from './walk.ts';

/** Key id (RFC 7517) or Okta's own id; a signing key of an application has only the former. */
const name = z
  .string()
  .nullish()
  .transform((text) => text || undefined);
const Key = z
  .looseObject({ id: name, kid: name })
  .refine(({ id, kid }) => id !== undefined || kid !== undefined, 'has neither id nor kid');
type Key = z.output<typeof Key>;

/** Okta answers a bare list, and in some releases a JSON Web Key Set around it. */
export const Keys = z
  .union([
    anyList,
    z.looseObject({ jwks: z.looseObject({ keys: anyList }) }).transform(({ jwks }) => jwks.keys),
    z.looseObject({ keys: anyList }).transform(({ keys }) => keys),
  ])
  .transform((list) => itemsIn(list, Key));

const statusOfKey = (key: unknown): Credential['status'] =>
  textAt(key, 'status') === 'INACTIVE' ? 'inactive' : 'active';

/**
 * A client secret. Okta hands out its value; it is dropped before anything is made of the answer.
 * `attributes`: `tokenEndpointAuthMethod`, `isServiceApp`.
 */
export const toSecretCredential = (app: Identified, { client_secret, secret_hash, ...key }: Key): Credential => ({
  ...empty('credentials'),
  id: `${app.id}/secret/${key.id ?? key.kid}`,
  raw: rawOf(key),
  type: 'client_secret',
  name: `Client secret of ${saidAt(app, 'label') ?? app.id}`,
  status: statusOfKey(key),
  ownerKind: 'application',
  ownerId: app.id,
  createdAt: timeAt(key, 'created'),
  expiresAt: timeAt(key, 'expiresAt'),
  attributes: facts(app),
});

/** A public key with which a client signs in. `fingerprint` is its key id. `attributes` as for secrets, and `alg`. */
export const toKeyCredential = (app: Identified, key: Key): Credential => ({
  ...empty('credentials'),
  id: `${app.id}/key/${key.id ?? key.kid}`,
  raw: rawOf(key),
  type: 'public_key',
  name: `Public key of ${saidAt(app, 'label') ?? app.id}`,
  status: statusOfKey(key),
  ownerKind: 'application',
  ownerId: app.id,
  createdAt: timeAt(key, 'created'),
  expiresAt: timeAt(key, 'expiresAt'),
  fingerprint: key.kid ?? null,
  attributes: { ...facts(app), alg: textAt(key, 'alg') },
});

/** The certificate with which Okta signs for an application. Its expiry ends the sign-in to that application. */
export const toCertificateCredential = (app: Identified, key: Key): Credential => ({
  ...toKeyCredential(app, key),
  id: `${app.id}/certificate/${key.kid ?? key.id}`,
  type: 'certificate',
  name: `Signing certificate of ${saidAt(app, 'label') ?? app.id}`,
  // An application keeps the keys it had; the one it signs with is named in its credentials.
  status: textAt(app, 'credentials', 'signing', 'kid') === key.kid ? 'active' : 'inactive',
  fingerprint: saidAt(key, 'x5t#S256') ?? key.kid ?? null,
});

const facts = (app: Identified) => {
  const oauth = oauthOf(app);
  return { tokenEndpointAuthMethod: oauth?.method ?? null, isServiceApp: oauth?.actsAlone ?? false };
};

/** Which credentials an application has: one list at most, so that a thousand applications cost a thousand requests. */
const credentialsOf = async (client: OktaClient, app: Identified): Promise<Leaf<Credential>> => {
  const leafOf = (keys: Readable<Key> | undefined, map: (app: Identified, key: Key) => Credential) => ({
    ...{ records: keys?.items.map((key) => map(app, key)) ?? [], leftOut: keys?.leftOut ?? [], next: null },
  });
  const path = `/api/v1/apps/${encodeURIComponent(app.id)}/credentials`;
  const mode = textAt(app, 'signOnMode') ?? '';
  if (mode.startsWith('SAML') || mode === 'WS_FEDERATION') {
    const answer = await client.find(`${path}/keys`, Keys);
    return leafOf(answer?.body, toCertificateCredential);
  }
  const method = oauthOf(app)?.method ?? null;
  if (method?.startsWith('client_secret') === true) {
    const answer = await client.find(`${path}/secrets`, Keys);
    return leafOf(answer?.body, toSecretCredential);
  }
  if (method !== 'private_key_jwt') return leafOf(undefined, toKeyCredential);
  const answer = await client.find(`${path}/jwks`, Keys);
  // Organisations without this endpoint still tell the keys as part of the application.
  return leafOf(answer?.body ?? itemsIn(listAt(app, 'settings', 'oauthClient', 'jwks', 'keys'), Key), toKeyCredential);
};

export const appCredentials = stream<OktaClient, 'credentials'>({
  record: 'credentials',
  title: 'Application secrets and keys',
  needs: 'the scope okta.apps.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 4 * 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.apps.read');
    const section = nested({
      first: parentAppsPath,
      list: listApps,
      each: (c, app) => credentialsOf(c, app),
    });
    yield* walk(client, { sections: [section] }, from);
  },
  probe: (client) => client.probe('/api/v1/apps?limit=1', 'okta.apps.read'),
});
