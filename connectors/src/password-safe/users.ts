import { type Account, empty, stream } from '@gatehouse/connector-kit';
import type { PasswordSafeClient } from './client.ts';
import { directoryIds, domainOf } from './directory.ts';
import { idOf, numberOf } from './ids.ts';
import { whole } from './lists.ts';
import { needOf } from './needs.ts';
import { rawOf } from './raw.ts';
import { flagAt, textAt, timeAt } from './shapes.ts';

/** Versions that do not know the parameter leave it be. */
export const usersPath = '/Users?includeInactive=true';

/**
 * A user of BeyondInsight.
 *
 * - `type`: an application user is an `app`; everybody else a `user`.
 * - `status`: quarantined users are locked: they may not sign in until somebody lets them. Unknown where a version does
 *   not say whether a user is active.
 * - `ssoOnly`: users of a directory have their password there.
 * - `externalIds`: see `directoryIds`.
 */
export const toUser = (item: unknown): Account => {
  const id = idOf('user', numberOf('user', item));
  const raw = rawOf(Object(item));
  const login = textAt(item, 'UserName');
  const email = textAt(item, 'EmailAddress')?.toLowerCase() ?? null;
  const isApplication = /^application$/i.test(textAt(item, 'UserType') ?? '');
  const domain = isApplication ? null : domainOf(item);
  const lastLoginAt = timeAt(item, 'LastLoginDate');
  return {
    ...empty('accounts'),
    ...{ id, raw, email, lastLoginAt, lastActivityAt: lastLoginAt, ...statusOf(item) },
    type: isApplication ? 'app' : 'user',
    login: login === null || domain === null || /[\\@]/.test(login) ? login : `${domain}\\${login}`,
    displayName: fullName(item) ?? login,
    emails: email === null ? [] : [email],
    ssoOnly: isApplication ? null : domain !== null,
    externalIds: isApplication ? [] : directoryIds(item),
  };
};

const statusOf = (item: unknown): Pick<Account, 'status' | 'statusReason'> => {
  const isActive = flagAt(item, 'IsActive');
  if (isActive === false) return { status: 'disabled', statusReason: 'inactive' };
  if (flagAt(item, 'IsQuarantined') === true) return { status: 'locked', statusReason: 'quarantined' };
  return { status: isActive === null ? null : 'enabled', statusReason: isActive === null ? null : 'active' };
};

const fullName = (item: unknown): string | null =>
  [textAt(item, 'FirstName'), textAt(item, 'LastName')].filter((part) => part !== null).join(' ') ||
  textAt(item, 'Name');

export const users = stream<PasswordSafeClient, 'accounts'>({
  record: 'accounts',
  title: 'Users',
  needs: needOf('users'),
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  read: (client, from) => whole(client.list(usersPath, toUser), from),
  probe: (client) => client.probe(usersPath),
});
