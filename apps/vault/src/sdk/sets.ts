import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Acting } from '../acting.ts';
import type { SystemKind } from '../credentials/index.ts';
import { globalRightsOf } from '../delegation/index.ts';
import { Refusal } from '../refusal.ts';
import { required } from './members.ts';
import { type Call, defineOperation, done, type Operation } from './operation.ts';

const Named = z.object({ ManagementSetName: required() });
const most = 1_000;

/** Management sets: groups of systems that delegation names. */
export const setOperations: readonly Operation[] = [
  defineOperation({
    name: 'ManagementSetOps_GetManagementSetList',
    summary: 'List management sets',
    body: z.object({}),
    perform: async (call) => {
      const sets = await listSets(call, sql`true`, most + 1);
      return { ListValues: sets.slice(0, most).map(({ name }) => ({ Value: name })), Truncated: sets.length > most };
    },
  }),
  defineOperation({
    name: 'ManagementSetOps_GetManagementSetInfo',
    summary: 'What a management set is',
    body: Named,
    perform: async (call, { ManagementSetName }) => {
      const { name, comment, systems } = await getSet(call, ManagementSetName);
      return { ManagementSetName: name, Comment: comment, SystemCount: systems };
    },
  }),
  defineOperation({
    name: 'ManagementSetOps_CreateManagementSet',
    summary: 'Make a management set',
    body: Named,
    perform: async ({ tx, parts, acting }, { ManagementSetName }) => {
      await mustHaveAllAccess(tx, acting);
      const { rows } = await sql`
        insert into management_sets (set_id, name, created_at) values (${newId()}, ${ManagementSetName}, ${parts.clock.now()})
        on conflict do nothing returning set_id`.execute(tx);
      if (rows.length === 0)
        throw new Refusal('conflict', `ManagementSetName: there is a set ${ManagementSetName} already.`);
      await parts.audit.write(tx, acting.by, {
        ...{ event: 'EVENT_ID_CONFIGURATION_CHANGED', target: ManagementSetName },
        message: `made the management set ${ManagementSetName}`,
      });
      return done;
    },
  }),
  defineOperation({
    name: 'ManagementSetOps_GetLinuxSystemListForManagementSet',
    summary: 'List the Linux systems of a management set',
    body: Named,
    perform: async (call, { ManagementSetName }) => {
      const { setId } = await getSet(call, ManagementSetName);
      const { rows } = await sql<{ name: string }>`
        select s.name from systems s join set_systems m using (system_id)
        where m.set_id = ${setId} and s.kind = 'linux' order by lower(s.name) limit 10000`.execute(call.tx);
      return rows.map(({ name }) => ({ SystemName: name }));
    },
  }),
  putSystem('ManagementSetOps_AddLinuxSystemToManagementSet', 'Put a Linux system into a management set', 'linux'),
  putSystem(
    'ManagementSetOps_AddWindowsSystemToManagementSet',
    'Put a Windows system into a management set',
    'windows',
  ),
];

function putSystem(name: string, summary: string, kind: SystemKind): Operation {
  return defineOperation({
    ...{ name, summary, body: Named.extend({ SystemName: required() }) },
    perform: async (call, { ManagementSetName, SystemName }) => {
      const { tx, parts, acting } = call;
      await mustHaveAllAccess(tx, acting);
      const { setId, name: set } = await getSet(call, ManagementSetName);
      const systemId = await ensureSystem(tx, { name: SystemName, kind, domain: null, at: parts.clock.now() });
      await sql`insert into set_systems (set_id, system_id) values (${setId}, ${systemId}) on conflict do nothing`.execute(
        tx,
      );
      await parts.audit.write(tx, acting.by, {
        ...{ event: 'EVENT_ID_CONFIGURATION_CHANGED', target: set },
        message: `put ${SystemName} into the management set ${set}`,
      });
      return done;
    },
  });
}

/** The system of this name and kind, made where there is none. */
export const ensureSystem = async (
  tx: Sql,
  of: { readonly name: string; readonly kind: SystemKind; readonly domain: string | null; readonly at: Date },
): Promise<string> => {
  await sql`
    insert into systems (system_id, name, kind, domain_netbios, created_at)
    values (${newId()}, ${of.name}, ${of.kind}, ${of.domain}, ${of.at}) on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ id: string }>`
    select system_id as id from systems where lower(name) = lower(${of.name}) and kind = ${of.kind}`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw new Refusal('conflict', `SystemName: ${of.name} was taken away at this moment.`);
  return found.id;
};

export const mustHaveAllAccess = async (tx: Sql, { actor }: Acting): Promise<void> => {
  if ((await globalRightsOf(tx, actor)).allAccess) return;
  throw new Refusal('not_permitted', `${actor.identity.name} needs All Access for this.`);
};

interface ManagementSet {
  readonly setId: string;
  readonly name: string;
  readonly comment: string;
  readonly systems: number;
}

/** @throws Refusal `not_found`, also for those who may not know of it */
export const getSet = async (call: Call, name: string): Promise<ManagementSet> => {
  const [found] = await listSets(call, sql`lower(m.name) = lower(${name})`, 1);
  if (found) return found;
  throw new Refusal('not_found', 'There is no such management set, or you may not see it.');
};

/** Those that the actor has a right on; with All Access all. */
const listSets = async (
  { tx, acting: { actor } }: Call,
  where: RawBuilder<unknown>,
  limit: number,
): Promise<readonly ManagementSet[]> => {
  const { allAccess } = await globalRightsOf(tx, actor);
  const mine = sql`exists (select from delegations d where d.set_id = m.set_id and d.identity_id = any(${[...actor.holds]}::uuid[]))`;
  const { rows } = await sql<ManagementSet>`
    select m.set_id as "setId", m.name, m.comment,
      (select count(*)::int from set_systems s where s.set_id = m.set_id) as systems
    from management_sets m where ${where} and ${allAccess ? sql`true` : mine} order by lower(m.name) limit ${limit}`.execute(
    tx,
  );
  return rows;
};
