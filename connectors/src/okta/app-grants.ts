import { empty, type Grant, stream } from '@gatehouse/connector-kit';
import { listApps, oauthOf, parentAppsPath } from './apps.ts';
import type { OktaClient } from './client.ts';
import { privilegeOfScope } from './privilege.ts';
import { rawOf } from './raw.ts';
import { Identified, textAt, timeAt } from './shapes.ts';
import { nested, walk } from './walk.ts';

/** A scope of Okta's API that an administrator granted to an application: `roleId` is the scope, okta.users.manage. */
export const toScopeGrant = (app: Identified, grant: Identified): Grant => {
  const scope = textAt(grant, 'scopeId');
  return {
    ...empty('grants'),
    id: `${app.id}/${grant.id}`,
    raw: rawOf(grant),
    principalKind: 'application',
    principalId: app.id,
    roleId: scope,
    privilege: scope === null ? null : privilegeOfScope(scope),
    via: 'direct',
    state: textAt(grant, 'status') === 'REVOKED' ? 'expired' : 'active',
    createdAt: timeAt(grant, 'created'),
  };
};

export const appGrants = stream<OktaClient, 'grants'>({
  record: 'grants',
  title: 'Scopes granted to applications',
  needs: 'the scopes okta.apps.read and okta.appGrants.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 4 * 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.apps.read', 'okta.appGrants.read');
    const section = nested({
      first: parentAppsPath,
      list: listApps,
      async each(c, app, at) {
        if (oauthOf(app) === null) return { records: [], next: null };
        const first = `/api/v1/apps/${encodeURIComponent(app.id)}/grants?limit=200`;
        const { items, ...rest } = await c.listOf(first, at, Identified);
        return { records: items.map((grant) => toScopeGrant(app, grant)), ...rest };
      },
    });
    yield* walk(client, { sections: [section] }, from);
  },
  probe: (client) => client.probe('/api/v1/apps?limit=1', 'okta.apps.read', 'okta.appGrants.read'),
});
