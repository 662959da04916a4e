import type { Sql } from '@gatehouse/database';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { Identity as IdentityShape } from '../api/identities.ts';
import { ListQuery, list } from '../api/words.ts';
import { change } from '../change.ts';
import { toMutable } from '../paging.ts';
import type { VaultParts } from '../parts.ts';
import type { Identity } from './model.ts';
import { findIdentity, listHeld, listRoleMembers, setRoleMember } from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['identities'];
const params = z.object({ identityId: z.uuid() });
const OneMember = z.object({ identityId: z.uuid(), memberId: z.uuid() });

/** Who has a role. */
export const serveMembers = (app: App, parts: VaultParts): void => {
  app.get(
    '/api/identities/:identityId/members',
    {
      config,
      schema: {
        ...{ summary: 'Who has a role, by name', tags, params, querystring: ListQuery },
        response: { 200: list(IdentityShape) },
      },
    },
    async ({ params: { identityId }, query }) =>
      parts.database.system(async (tx) => {
        await getRole(tx, identityId);
        return toMutable(await listRoleMembers(tx, identityId, query));
      }),
  );
  for (const [method, isIn] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const)
    app.route({
      method,
      url: '/api/identities/:identityId/members/:memberId',
      config,
      schema: {
        summary: isIn ? 'Give an identity a role' : 'Take a role away from an identity',
        ...{ tags, params: OneMember, response: { 204: z.void() } },
      },
      handler: async (request, reply) => {
        const { identityId, memberId } = request.params;
        await change(parts, request, async (tx, note) => {
          const [role, member] = [await getRole(tx, identityId), await findIdentity(tx, memberId)];
          if (member === null) throw problems.notFound();
          // Held by itself a role would be held by everybody in the circle, which nobody means.
          if (isIn && (await listHeld(tx, identityId, [])).includes(memberId))
            throw problems.conflict(`${member.name} cannot be in ${role.name}: ${role.name} is in ${member.name}.`);
          if (!(await setRoleMember(tx, identityId, memberId, isIn))) return;
          const message = isIn
            ? `gave ${member.name} the role ${role.name}`
            : `took the role ${role.name} from ${member.name}`;
          note({ event: 'EVENT_ID_DELEGATION_CHANGED', target: member.name, message });
        });
        return reply.code(204).send();
      },
    });
};

const getRole = async (tx: Sql, identityId: string): Promise<Identity> => {
  const identity = await findIdentity(tx, identityId);
  if (identity === null) throw problems.notFound();
  if (identity.kind !== 'role')
    throw problems.conflict('Only roles have members here. Groups have theirs in the domain.');
  return identity;
};
