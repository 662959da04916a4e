import type { ServedSsh } from '@gatehouse/lab';
import { z } from 'zod';
import type { Target } from '../commands/index.ts';
import { ask, ensure, find, isCalled } from './ensure.ts';
import { operatorsName } from './vault.ts';

const Named = z.object({ id: z.number(), name: z.string() });
const ShellJump = Named.extend({ hostname: z.string(), port: z.number(), jump_group_id: z.number() });
const Member = z.object({ user_id: z.number().optional() });

const named = (site: Target, path: string, name: string, more: object) =>
  ensure(
    site,
    path,
    Named,
    (one) => isCalled(name)(one.name),
    () => ({ name, ...more }),
  );

/** The sample server as a Jump item, in a group that a group policy gives to its members. */
export const wireSite = async (site: Target, server: ServedSsh): Promise<void> => {
  const group = await named(site, '/api/jump-groups', 'Sample servers', {});
  const policy = await ensurePolicy(site);
  const groups = `/api/group-policies/${policy.id}/jump-groups`;
  const linked = z.object({ jump_group_id: z.number() });
  if ((await find(site, groups, linked, (one) => one.jump_group_id === group.id)) === null) {
    const role = await find(site, '/api/jump-item-roles', Named, (one) => isCalled('Start sessions')(one.name));
    await ask(site, 'POST', groups, z.unknown(), { jump_group_id: group.id, jump_item_role_id: role?.id ?? 0 });
  }
  const { address: hostname, port } = server;
  const item = await ensure(
    site,
    '/api/jump-items/shell-jump',
    ShellJump,
    (one) => isCalled(server.name)(one.name) && one.jump_group_id === group.id,
    () => ({
      ...{ name: server.name, hostname, port, protocol: 'ssh', jumpoint_id: 1, jump_group_id: group.id, tag: 'sample' },
      comments: 'The Linux server of the sample organisation. The vault has its password.',
    }),
  );
  if (item.hostname !== hostname || item.port !== port)
    await ask(site, 'PATCH', `/api/jump-items/shell-jump/${item.id}`, z.unknown(), { hostname, port });
};

const ensurePolicy = (site: Target) =>
  named(site, '/api/group-policies', operatorsName, {
    ...{ access_perm_status: 'defined', perm_access_allowed: true, perm_shell_jump: true },
  });

/** Lets a user open sessions on the sample server. Administrators could without it. */
export const joinOperators = async (site: Target, userId: number): Promise<void> => {
  const members = `/api/group-policies/${(await ensurePolicy(site)).id}/members`;
  if ((await find(site, members, Member, (one) => one.user_id === userId)) === null)
    await ask(site, 'POST', members, z.unknown(), { security_provider_id: 1, user_id: userId });
};
