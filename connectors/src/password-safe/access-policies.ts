import { empty, type Policy, stream } from '@gatehouse/connector-kit';
import type { Json } from '@gatehouse/kernel';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf } from './ids.ts';
import { whole } from './lists.ts';
import { needOf } from './needs.ts';
import { rawOf } from './raw.ts';
import { flagAt, listAt, numberAt, textAt } from './shapes.ts';

/**
 * An access policy: when and how requests are let through. `settings`: `kind` (`access_policy`), `schedules`, each with
 * `requiresReason`, `requiresTicket` and `access`: for each type (View, RDP, SSH, App) `approvers` (0: let through
 * unseen), `isSession`, `isRecorded` and `maximumConcurrent` (0: any number); and over all of them `fewestApprovers`,
 * which is null where a version tells no schedules.
 */
export const toAccessPolicy = (item: unknown): Policy => {
  const schedules = listAt(item, 'Schedules').map(toSchedule);
  const approvers = schedules.flatMap(({ access }) => access.flatMap((one) => one.approvers ?? []));
  return {
    ...empty('policies'),
    id: idOf('access-policy', numberOf('access-policy', item)),
    raw: rawOf(Object(item)),
    type: 'pam_access',
    name: textAt(item, 'Name'),
    status: switchOf(flagAt(item, 'IsActive')),
    settings: {
      kind: 'access_policy',
      description: textAt(item, 'Description'),
      schedules: schedules satisfies Json,
      fewestApprovers: approvers.length === 0 ? null : Math.min(...approvers),
    },
  };
};

const toSchedule = (schedule: unknown) => ({
  id: numberAt(schedule, 'ScheduleID'),
  requiresReason: flagAt(schedule, 'RequireReason'),
  requiresTicket: flagAt(schedule, 'RequireTicketSystem'),
  access: listAt(schedule, 'AccessTypes').map((one) => ({
    type: textAt(one, 'AccessType'),
    isSession: flagAt(one, 'IsSession'),
    isRecorded: flagAt(one, 'RecordSession'),
    approvers: numberAt(one, 'MinApprovers'),
    maximumConcurrent: numberAt(one, 'MaxConcurrent'),
  })),
});

const switchOf = (isActive: boolean | null) => (isActive === null ? null : isActive ? 'enabled' : 'disabled');

const policiesPath = '/AccessPolicies';

export const accessPolicies = stream<PasswordSafeClient, 'policies'>({
  record: 'policies',
  title: 'Access policies',
  needs: needOf('roles'),
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  read: (client, from) => whole(client.list(policiesPath, toAccessPolicy), from),
  probe: (client) => client.probe(policiesPath),
});
