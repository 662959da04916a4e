import { type Account, empty, stream } from '@gatehouse/connector-kit';
import type { PasswordSafeClient } from './client.ts';
import { directoryIds, domainOf } from './directory.ts';
import { idOf, numberOf } from './ids.ts';
import { whole } from './lists.ts';
import { needOf } from './needs.ts';
import { rawOf } from './raw.ts';
import { textAt } from './shapes.ts';

/** An account by which Password Safe changes the passwords of others. Systems name the one that works on them. */
export const toFunctionalAccount = (item: unknown): Account => {
  const name = textAt(item, 'AccountName');
  const domain = domainOf(item);
  return {
    ...empty('accounts'),
    id: idOf('functional-account', numberOf('functional-account', item)),
    raw: rawOf(Object(item)),
    type: 'service',
    login: name === null || domain === null || /[\\@]/.test(name) ? name : `${domain}\\${name}`,
    displayName: textAt(item, 'DisplayName') ?? name,
    externalIds: directoryIds(item),
  };
};

const functionalAccountsPath = '/FunctionalAccounts';

export const functionalAccounts = stream<PasswordSafeClient, 'accounts'>({
  record: 'accounts',
  title: 'Functional accounts',
  needs: needOf('accounts'),
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  read: (client, from) => whole(client.list(functionalAccountsPath, toFunctionalAccount), from),
  probe: (client) => client.probe(functionalAccountsPath),
});
