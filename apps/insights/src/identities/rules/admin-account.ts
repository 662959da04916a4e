import { isPerson, isUniqueInEachConnection } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** An administrator's second account, by the naming convention that the tenant wrote down; never guessed. */
export const adminAccount = defineCorrelation({
  number: '11',
  title: 'Named like the administrator account of the other',
  confidence: 0.75,
  keys: (account, matching) => {
    const login = account.login?.trim().toLowerCase() ?? '';
    if (login === '' || !isPerson(account)) return [];
    const base = matching.adminBase(login);
    // Names are compared inside one system only: the same name elsewhere may be another person.
    if (base !== null) return [{ side: 'right', key: `${account.connection} ${withoutDomain(base)}`, value: login }];
    return [{ side: 'left', key: `${account.connection} ${withoutDomain(login)}`, value: login }];
  },
  guard: (holders) =>
    holders.filter((holder) => holder.side === 'left').length === 1 || isUniqueInEachConnection(holders),
});

const withoutDomain = (login: string) => login.replace(/@.*$/, '');
