import type { NamedView } from '@gatehouse/ui';

const filters = (...all: readonly string[]) => new URLSearchParams(all.map((one) => ['filter', one])).toString();
/** Moves with the clock, so that a saved view says the same tomorrow. */
const daysAgo = (days: number) => `-${days}d`;

/** Views that most people want sooner or later. One that a tile of the dashboard has by the same name asks for the same. */
export const presetsOf = (kind: string, dormantDays: number | undefined): readonly NamedView[] => {
  switch (kind) {
    case 'accounts':
      return [
        ...(dormantDays === undefined
          ? []
          : [{ name: 'Dormant', query: filters('status:eq:enabled', `lastActiveAt:lt:${daysAgo(dormantDays)}`) }]),
        {
          name: 'Privileged without strong MFA',
          query: filters('status:eq:enabled', 'truePrivilege:in:high|highest', 'mfaState:in:none|weak'),
        },
        { name: 'Privileged', query: filters('status:eq:enabled', 'truePrivilege:in:high|highest') },
        { name: 'Guests', query: filters('type:eq:guest') },
        { name: 'Service accounts and bots', query: filters('type:in:service|bot|app') },
        { name: 'Gone from their system', query: filters('gone:eq:true') },
      ];
    case 'credentials':
      return [
        { name: 'Never expire', query: filters('status:eq:active', 'expiresAt:null:') },
        { name: 'Unused for 90 days', query: filters('status:eq:active', `lastUsedAt:lt:${daysAgo(90)}`) },
        { name: 'Privileged', query: filters('privilege:in:high|highest') },
      ];
    case 'grants':
      return [
        { name: 'Privileged', query: filters('privilege:in:high|highest') },
        { name: 'Direct and privileged', query: filters('privilege:in:high|highest', 'via:eq:direct') },
      ];
    case 'roles':
      return [{ name: 'Privileged', query: filters('privilege:in:high|highest') }];
    case 'events':
      return [
        { name: 'Failures', query: filters('outcome:eq:failure') },
        { name: 'Through a proxy', query: filters('isProxy:eq:true') },
      ];
    case 'factors':
      return [{ name: 'Weak', query: filters('strength:eq:weak') }];
    default:
      return [];
  }
};
