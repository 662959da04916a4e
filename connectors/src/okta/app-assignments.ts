import { empty, type Grant, stream } from '@gatehouse/connector-kit';
import { listApps, parentAppsPath } from './apps.ts';
import type { OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { Identified, textAt, timeAt } from './shapes.ts';
import { nested, walk } from './walk.ts';

/** The entitlement "may sign in to this application", listed among the roles. */
export const assignmentRoleId = 'app_assignment';

/**
 * Who may sign in to what. Ids are `<app>/user/<user>` and `<app>/group/<group>`. A user who has an application through
 * a group is listed by Okta as well and is `via: 'group'`. `raw` keeps what the target system is told about the user:
 * `externalId` (the user's id there, where Okta provisions it) and `credentials.userName`.
 */
export const toUserAssignment = (appId: string, user: Identified): Grant => ({
  ...empty('grants'),
  id: `${appId}/user/${user.id}`,
  raw: rawOf(user),
  principalKind: 'account',
  principalId: user.id,
  roleId: assignmentRoleId,
  resourceId: appId,
  privilege: 'low',
  via: textAt(user, 'scope') === 'GROUP' ? 'group' : 'direct',
  state: 'active',
  createdAt: timeAt(user, 'created'),
});

export const toGroupAssignment = (appId: string, group: Identified): Grant => ({
  ...empty('grants'),
  id: `${appId}/group/${group.id}`,
  raw: rawOf(group),
  principalKind: 'group',
  principalId: group.id,
  roleId: assignmentRoleId,
  resourceId: appId,
  privilege: 'low',
  via: 'direct',
  state: 'active',
  createdAt: timeAt(group, 'created'),
});

export const appAssignments = stream<OktaClient, 'grants'>({
  record: 'grants',
  title: 'Application assignments',
  needs: 'the scope okta.apps.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 4 * 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.apps.read');
    const assigned = (kind: 'groups' | 'users', map: (appId: string, item: Identified) => Grant) =>
      nested({
        first: parentAppsPath,
        list: listApps,
        async each(c, app, at) {
          const first = `/api/v1/apps/${encodeURIComponent(app.id)}/${kind}?limit=200`;
          const { items, ...rest } = await c.listOf(first, at, Identified);
          return { records: items.map((item) => map(app.id, item)), ...rest };
        },
      });
    yield* walk(
      client,
      { sections: [assigned('groups', toGroupAssignment), assigned('users', toUserAssignment)] },
      from,
    );
  },
  probe: (client) => client.probe('/api/v1/apps?limit=1', 'okta.apps.read'),
});
