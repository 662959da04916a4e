import { type Credential, empty, stream } from '@gatehouse/connector-kit';
import type { OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { Identified, saidAt, textAt, textsAt, timeAt } from './shapes.ts';
import { flat, walk } from './walk.ts';

const tokensPath = '/api/v1/api-tokens';

/**
 * An API token: it can do what its owner can. Okta lists those that are alive.
 *
 * - `lastUsedAt`: every use moves the expiry to `tokenWindow` (30 days) from then, so the last use is that long before
 *   the expiry. Null where it was never used since it was made, or where Okta does not say.
 * - `attributes`: `networkConnection` (ANYWHERE: from any address; ZONE: from `networkInclude` without
 *   `networkExclude`), `clientName`, `tokenWindow`.
 */
export const toTokenCredential = (token: Identified): Credential => {
  const createdAt = timeAt(token, 'created');
  const expiresAt = timeAt(token, 'expiresAt');
  const usedAt = before(expiresAt, textAt(token, 'tokenWindow'));
  return {
    ...empty('credentials'),
    id: token.id,
    raw: rawOf(token),
    type: 'api_token',
    name: textAt(token, 'name'),
    status: 'active',
    ownerKind: 'account',
    ownerId: saidAt(token, 'userId'),
    createdAt,
    expiresAt,
    // Making a token sets the expiry, too; a minute is the slack of Okta's own clocks.
    lastUsedAt:
      usedAt !== null && createdAt !== null && usedAt.getTime() - createdAt.getTime() < 60_000 ? null : usedAt,
    attributes: {
      networkConnection: textAt(token, 'network', 'connection'),
      networkInclude: textsAt(token, 'network', 'include'),
      networkExclude: textsAt(token, 'network', 'exclude'),
      clientName: textAt(token, 'clientName'),
      tokenWindow: textAt(token, 'tokenWindow'),
    },
  };
};

/** A moment minus an ISO 8601 duration of days or hours, the only kinds that Okta uses here. */
const before = (time: Date | null, duration: string | null): Date | null => {
  const [, days, hours] = /^P(?:(\d+)D)?(?:T(\d+)H)?$/.exec(duration ?? '') ?? [];
  if (time === null || (days === undefined && hours === undefined)) return null;
  return new Date(time.getTime() - (Number(days ?? 0) * 24 + Number(hours ?? 0)) * 3_600_000);
};

export const apiTokens = stream<OktaClient, 'credentials'>({
  record: 'credentials',
  title: 'API tokens',
  needs: 'the scope okta.apiTokens.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.apiTokens.read');
    const section = flat({ first: tokensPath, list: (c, path) => c.list(path, Identified), map: toTokenCredential });
    yield* walk(client, { sections: [section] }, from);
  },
  probe: (client) => client.probe(tokensPath, 'okta.apiTokens.read'),
});
