import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { z } from 'zod';
import type { Acting } from '../acting.ts';
import {
  ensureSystem,
  insertSet,
  listNamesIn,
  listSetsSeenBy,
  type ManagementSet,
  type SystemKind,
  setMember,
} from '../credentials/index.ts';
import { globalRightsOf } from '../delegation/index.ts';
import { Refusal } from '../refusal.ts';
import { required } from './members.ts';
import { answerOf, type Call, Done, defineOperation, done, type Operation } from './operation.ts';

const Named = z.object({ ManagementSetName: required() });
const most = 1_000;

const SetName = answerOf('ListValue', { Value: z.string() });
const SetNames = answerOf('ManagementSetList', { ListValues: z.array(SetName), Truncated: z.boolean() });
const SetAnswer = answerOf('ManagementSet', {
  ...{ ManagementSetName: z.string(), Comment: z.string(), SystemCount: z.int() },
});

/** Management sets: groups of systems that delegation names. */
export const setOperations: readonly Operation[] = [
  defineOperation({
    name: 'ManagementSetOps_GetManagementSetList',
    summary: 'List management sets',
    body: z.object({}),
    answer: SetNames,
    perform: async ({ tx, acting: { actor } }) => {
      const sets = await listSetsSeenBy(tx, actor, await globalRightsOf(tx, actor), { most: most + 1 });
      return { ListValues: sets.slice(0, most).map(({ name }) => ({ Value: name })), Truncated: sets.length > most };
    },
  }),
  defineOperation({
    name: 'ManagementSetOps_GetManagementSetInfo',
    summary: 'What a management set is',
    body: Named,
    answer: SetAnswer,
    perform: async (call, { ManagementSetName }) => {
      const { name, comment, systems } = await getSet(call, ManagementSetName);
      return { ManagementSetName: name, Comment: comment, SystemCount: systems };
    },
  }),
  defineOperation({
    name: 'ManagementSetOps_CreateManagementSet',
    summary: 'Make a management set',
    body: Named,
    answer: Done,
    perform: async ({ tx, parts, acting }, { ManagementSetName: name }) => {
      await mustHaveAllAccess(tx, acting);
      const createdAt = parts.clock.now();
      const set = { setId: newId<string>(createdAt.getTime()), name, comment: '', createdAt };
      if (!(await insertSet(tx, set)))
        throw new Refusal('conflict', `ManagementSetName: there is a set ${name} already.`);
      await parts.audit.write(tx, acting.by, {
        ...{ event: 'EVENT_ID_CONFIGURATION_CHANGED', target: name, message: `made the management set ${name}` },
      });
      return done;
    },
  }),
  defineOperation({
    name: 'ManagementSetOps_GetLinuxSystemListForManagementSet',
    summary: 'List the Linux systems of a management set',
    body: Named,
    answer: z.array(answerOf('SystemInSet', { SystemName: z.string() })),
    perform: async (call, { ManagementSetName }) => {
      const { setId } = await getSet(call, ManagementSetName);
      return (await listNamesIn(call.tx, setId, 'linux', 10_000)).map((name) => ({ SystemName: name }));
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
    ...{ name, summary, body: Named.extend({ SystemName: required() }), answer: Done },
    perform: async (call, { ManagementSetName, SystemName }) => {
      const { tx, parts, acting } = call;
      await mustHaveAllAccess(tx, acting);
      const { setId, name: set } = await getSet(call, ManagementSetName);
      const systemId = await getSystem(call, { name: SystemName, kind, namespace: SystemName });
      await setMember(tx, setId, systemId, true);
      await parts.audit.write(tx, acting.by, {
        ...{ event: 'EVENT_ID_CONFIGURATION_CHANGED', target: set },
        message: `put ${SystemName} into the management set ${set}`,
      });
      return done;
    },
  });
}

/** The system of this name and kind, made where there is none. @throws Refusal `conflict` */
export const getSystem = async (
  { tx, parts }: Call,
  of: { readonly name: string; readonly kind: SystemKind; readonly namespace: string },
): Promise<string> => {
  const systemId = await ensureSystem(tx, { ...of, at: parts.clock.now() });
  if (systemId === null) throw new Refusal('conflict', `SystemName: ${of.name} was taken away at this moment.`);
  return systemId;
};

export const mustHaveAllAccess = async (tx: Sql, { actor }: Acting): Promise<void> => {
  if ((await globalRightsOf(tx, actor)).allAccess) return;
  throw new Refusal('not_permitted', `${actor.identity.name} needs All Access for this.`);
};

/** @throws Refusal `not_found`, also for those who may not know of it */
export const getSet = async ({ tx, acting: { actor } }: Call, name: string): Promise<ManagementSet> => {
  const [found] = await listSetsSeenBy(tx, actor, await globalRightsOf(tx, actor), { name, most: 1 });
  if (found) return found;
  throw new Refusal('not_found', 'There is no such management set, or you may not see it.');
};
