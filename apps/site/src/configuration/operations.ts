import { z } from 'zod';
import { CopyGroupPolicy, groupPolicyOfPrograms } from '../api/group-policies.ts';
import { InstallerKey, jumpClientInstaller, jumpClientOfPrograms } from '../api/jump-clients.ts';
import {
  CopiedJumpItem,
  CopyJumpItem,
  type JumpItemType,
  jumpItemTypes,
  jumpointOfPrograms,
  securityProvider,
} from '../api/jump-items.ts';
import { Schedule } from '../api/jump-policies.ts';
import { answerOf, Id, newOf, present, text } from '../api/shape.ts';
import { teamOfPrograms, teamUser } from '../api/teams.ts';
import { GroupPolicyChanges, Provision, userOfPrograms } from '../api/users.ts';
import { apiAccounts } from '../api-accounts/index.ts';
import {
  groupPolicies as allOfGroupPolicies,
  copyLinks,
  groupPolicyJumpGroups,
  groupPolicyMembers,
  securityProviders,
} from '../group-policies/index.ts';
import { addInstaller, jumpClients as allOfJumpClients, jumpClientInstallers } from '../jump-clients/index.ts';
import { jumpGroups, jumpGroupUsers } from '../jump-groups/index.ts';
import { jumpoints as allOfJumpoints, copyJumpItem, jumpItems } from '../jump-items/index.ts';
import { findSchedule, jumpItemRoles, jumpPolicies, sessionPolicies } from '../jump-policies/index.ts';
import { createObject, findObject, type Kind, listObjects } from '../objects/index.ts';
import { groupPolicyTeams, teams, teamUsers } from '../teams/index.ts';
import { users as allOfUsers, changePoliciesOf, listPoliciesOf } from '../users/index.ts';
import type { Operation } from './operation.ts';
import { adding, changing, listing, removing, showing } from './usual.ts';

// The description says nothing of remote support.
const users: Kind = { ...allOfUsers, shape: userOfPrograms };
const programTeams: Kind = { ...teams, shape: teamOfPrograms };
const programTeamUsers: Kind = { ...teamUsers, shape: { ...teamUser, required: ['team_id', 'user_id'] } };
const jumpClients: Kind = { ...allOfJumpClients, shape: jumpClientOfPrograms };
const jumpoints: Kind = { ...allOfJumpoints, shape: jumpointOfPrograms };
const groupPolicies: Kind = { ...allOfGroupPolicies, shape: groupPolicyOfPrograms };

// Filters are as long as the description has them, which is longer than some of the fields.
const Named = text(255, 1);
const Code = text(64);
/** In a query, where everything is text. */
const IdText = z
  .string()
  .regex(/^\d{1,10}$/, 'Enter a whole number.')
  .transform(Number)
  .pipe(Id);

/** Everything but the list, which each kind filters in its own way. */
const usual = (kind: Kind, path: string): readonly Operation[] => {
  const at = { kind, path };
  return [adding(at), showing(at), changing(at), removing(at)];
};

const jumpItemOperations = (type: JumpItemType): readonly Operation[] => {
  const at = { kind: jumpItems[type], path: `/jump-item/${type}` };
  return [
    listing(at, {
      ...{ name: Named, hostname: text(255, 3), jump_group_id: IdText },
      ...{ jump_group_type: z.enum(['shared', 'personal']), jumpoint_id: IdText },
      ...(type === 'remote-rdp' && { endpoint_id: IdText }),
      tag: text(64, 1),
    }),
    ...usual(at.kind, at.path),
    {
      ...{ method: 'POST', path: `${at.path}/{id}/copy`, summary: `Copies a ${jumpItemTypes[type].shape.one}.` },
      ...{ status: 200, body: CopyJumpItem, answers: CopiedJumpItem },
      run: async ({ tx, by, ids, body }) => {
        const copy = await copyJumpItem(tx, by, at.kind, ids.id ?? 0, CopyJumpItem.parse(body));
        return copy === null ? null : { body: { action: 'copy', success: '1', destId: copy.id } };
      },
    },
  ];
};

const userOperations: readonly Operation[] = [
  listing(
    { kind: users, path: '/user' },
    { security_provider_id: IdText, username: Named, email_address: text(255, 3) },
  ),
  ...usual(users, '/user'),
  {
    ...{ method: 'PATCH', path: '/user/{id}/group-policy-changes', status: 200, answers: groupPolicyOfPrograms },
    ...{ summary: 'Adds a user to group policies, and takes one out of others.', body: GroupPolicyChanges },
    run: async ({ tx, by, ids, body }) => {
      const id = ids.id ?? 0;
      if ((await findObject(tx, { kind: users }, id)) === null) return null;
      const changes = GroupPolicyChanges.parse(body);
      await changePoliciesOf(tx, by, groupPolicyMembers, id, changes);
      // The description answers one group policy, whatever was changed: the one that was named first.
      const named = [...(changes.added ?? []), ...(changes.removed ?? [])][0];
      const policy = named === undefined ? null : await findObject(tx, { kind: groupPolicies }, named);
      return { body: policy === null ? {} : present(groupPolicyOfPrograms, policy) };
    },
  },
  {
    ...{
      method: 'GET',
      path: '/user/{id}/group-policies',
      status: 200,
      answers: groupPolicyOfPrograms,
      paged: true,
      list: true,
    },
    summary: 'The group policies that a user is a member of: ids and names.',
    run: async ({ tx, ids, page }) => {
      const id = ids.id ?? 0;
      if ((await findObject(tx, { kind: users }, id)) === null) return null;
      const { rows, total } = await listPoliciesOf(tx, id, page);
      return { body: rows, total };
    },
  },
  {
    ...{ method: 'POST', path: '/user/provision', status: 204, body: Provision },
    summary: 'Works out what users may do. It always is here, so there is nothing to wait for.',
    run: async () => ({}),
  },
];

const groupPolicyOperations: readonly Operation[] = [
  listing({ kind: groupPolicies, path: '/group-policy' }, { name: Named }),
  ...usual(groupPolicies, '/group-policy'),
  {
    ...{
      method: 'POST',
      path: '/group-policy/{id}/copy',
      status: 201,
      body: CopyGroupPolicy,
      answers: groupPolicyOfPrograms,
    },
    summary: 'Copies a group policy with its members and Jump groups.',
    run: async ({ tx, by, ids, body }) => {
      const original = await findObject(tx, { kind: allOfGroupPolicies }, ids.id ?? 0);
      if (original === null) return null;
      const { id: _id, ...values } = original;
      // With what it says about remote support, which programs are not told.
      const copy = await createObject(
        tx,
        by,
        { kind: allOfGroupPolicies },
        { ...values, ...CopyGroupPolicy.parse(body) },
      );
      await copyLinks(tx, Number(original.id), Number(copy.id));
      return { body: present(groupPolicyOfPrograms, copy) };
    },
  },
  {
    ...{ method: 'POST', path: '/group-policy/{id}/provision', status: 204 },
    summary: 'Works out what the members may do. It always is here, so there is nothing to wait for.',
    run: async ({ tx, ids }) => ((await findObject(tx, { kind: groupPolicies }, ids.id ?? 0)) === null ? null : {}),
  },
  ...((at) => [listing(at), adding(at, { withoutBody: true }), showing(at), removing(at)])({
    kind: groupPolicyMembers,
    path: '/group-policy/{id}/member',
    one: 'member_id',
  }),
  ...((at) => [wholeList(at), adding(at, { withoutBody: true }), showing(at), removing(at)])({
    kind: groupPolicyJumpGroups,
    path: '/group-policy/{id}/jump-group',
    one: 'jump_group_id',
  }),
];

/** A list that the description does not page; the kind bounds it. */
function wholeList({ kind, path }: { readonly kind: Kind; readonly path: string }): Operation {
  const { shape, parent, atMost = 0 } = kind;
  return {
    ...{ method: 'GET', path, summary: `${shape.many}, all of them.`, list: true, status: 200, answers: shape },
    run: async ({ tx, ids }) => {
      const parentId = ids.id ?? 0;
      if (parent && (await findObject(tx, { kind: parent.kind }, parentId)) === null) return null;
      const rows = await listObjects(tx, { kind, parentId }, {}, { limit: atMost });
      return { body: rows.map((row) => present(shape, row)), total: rows.length };
    },
  };
}

const teamOperations: readonly Operation[] = [
  listing({ kind: programTeams, path: '/team' }, { name: Named, code_name: Code }),
  ...usual(programTeams, '/team'),
  ...((at) => [listing(at), adding(at), showing(at), changing(at), removing(at)])({
    kind: programTeamUsers,
    path: '/team/{id}/user',
    one: 'user_id',
  }),
  ...((at) => [listing(at), adding(at), showing(at), removing(at)])({
    kind: groupPolicyTeams,
    path: '/group-policy/{id}/team',
    one: 'team_id',
  }),
];

const owner = { tag: text(64, 1), jump_group_id: IdText, jump_group_type: z.enum(['shared', 'personal']) };
const machine = { name: text(128, 1), hostname: Named, fqdn: Named };
const jumpClientOperations: readonly Operation[] = [
  ...((at) => [
    listing(at, {
      ...{ ...machine, ...owner, console_user: Named, public_ip: Named, private_ip: Named },
      connection_type: z.enum(['active', 'passive', 'uninstalled']),
    }),
    showing(at),
    changing(at),
    removing(at),
  ])({ kind: jumpClients, path: '/jump-client' }),
  ...((at) => [
    listing(at, { ...machine, ...owner, connection_type: z.enum(['active', 'passive']) }),
    {
      ...({ method: 'POST', path: at.path, summary: 'Adds a Jump Client installer.', status: 201 } as const),
      ...{ body: newOf(jumpClientInstaller), bodyShape: jumpClientInstaller },
      answers: answerOf(jumpClientInstaller).extend({ key_info: InstallerKey }),
      run: async ({ tx, by, now, body }) => ({ body: await addInstaller({ tx, by, now }, body) }),
    } satisfies Operation,
    showing(at),
    removing(at),
  ])({ kind: jumpClientInstallers, path: '/jump-client/installer' }),
];

const policyOperations: readonly Operation[] = [
  listing({ kind: jumpPolicies, path: '/jump-policy' }, { code_name: Code }),
  ...usual(jumpPolicies, '/jump-policy'),
  {
    ...{ method: 'GET', path: '/jump-policy/{id}/schedule', status: 200, answers: Schedule },
    summary: 'When a Jump policy lets people in.',
    run: async ({ tx, ids }) => {
      const schedule = await findSchedule(tx, ids.id ?? 0);
      return schedule === null ? null : { body: schedule };
    },
  },
  listing({ kind: sessionPolicies, path: '/session-policy' }),
  listing({ kind: jumpItemRoles, path: '/jump-item-role' }, { name: Named }),
  showing({ kind: jumpItemRoles, path: '/jump-item-role' }),
];

const jumpGroupOperations: readonly Operation[] = [
  listing({ kind: jumpGroups, path: '/jump-group' }, { name: Named, code_name: Code }),
  ...usual(jumpGroups, '/jump-group'),
  ...((at) => [listing(at), adding(at), showing(at), changing(at), removing(at)])({
    kind: jumpGroupUsers,
    path: '/jump-group/{id}/user',
    one: 'user_id',
  }),
];

const readOnlyOperations: readonly Operation[] = [
  // Of a list the description says less than of one alone.
  listing({ kind: { ...securityProviders, shape: securityProvider }, path: '/security-provider' }),
  showing({ kind: securityProviders, path: '/security-provider' }),
  listing(
    { kind: jumpoints, path: '/jumpoint' },
    { name: Named, code_name: Code, hostname: Named, public_ip: Named, private_ip: Named },
  ),
  showing({ kind: jumpoints, path: '/jumpoint' }),
  listing({ kind: apiAccounts, path: '/api-account' }, { name: Named }),
  showing({ kind: apiAccounts, path: '/api-account' }),
];

/** Everything that this site serves of the Configuration API. */
export const operations: readonly Operation[] = [
  ...userOperations,
  ...groupPolicyOperations,
  ...jumpGroupOperations,
  ...jumpItemOperations('shell-jump'),
  ...jumpItemOperations('remote-vnc'),
  ...jumpItemOperations('remote-rdp'),
  ...jumpClientOperations,
  ...teamOperations,
  ...policyOperations,
  ...readOnlyOperations,
];
