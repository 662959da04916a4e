import { type Account, stream } from '@gatehouse/connector-kit';
import type { Cursor, Page } from '@gatehouse/host';
import type { OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { at, type Identified, saidAt, textAt, timeAt, Identified as User } from './shapes.ts';
import { flat, jsonOf, walk } from './walk.ts';

/**
 * Okta's user as an account.
 *
 * - `status`: ACTIVE, RECOVERY and PASSWORD_EXPIRED can sign in or reset their way in, so they are enabled.
 *   DEPROVISIONED ("Deactivated" in the console) can be activated again, so it is disabled rather than deleted.
 * - `ssoOnly`: the password is another system's (FEDERATION, SOCIAL).
 * - `externalIds`: always `okta:<id>`; `ad:<domain>\<samAccountName>` for people of Active Directory; `sid:`,
 *   `immutable-id:` and `github-login:` where the profile has an attribute for it.
 */
export const toAccount = (user: Identified): Account => {
  const { profile } = user;
  const login = saidAt(profile, 'login');
  const email = saidAt(profile, 'email')?.toLowerCase() ?? null;
  const second = saidAt(profile, 'secondEmail')?.toLowerCase() ?? null;
  const status = textAt(user, 'status');
  const provider = textAt(user, 'credentials', 'provider', 'type');
  const lastLoginAt = timeAt(user, 'lastLogin');
  return {
    id: user.id,
    raw: rawOf(user),
    type: 'user',
    login,
    displayName: saidAt(profile, 'displayName') ?? fullName(profile) ?? login,
    email,
    emails: email === null ? (second === null ? none : [second]) : second === null ? [email] : [email, second],
    status: status === null ? null : (statuses[status] ?? null),
    statusReason: status,
    createdAt: timeAt(user, 'created'),
    lastLoginAt,
    lastActivityAt: lastLoginAt,
    passwordChangedAt: timeAt(user, 'passwordChanged'),
    mfa: null,
    ssoOnly: provider === null ? null : provider === 'FEDERATION' || provider === 'SOCIAL',
    employeeId: saidAt(profile, 'employeeNumber'),
    department: saidAt(profile, 'department'),
    title: saidAt(profile, 'title'),
    managerLogin: saidAt(profile, 'managerId') ?? saidAt(profile, 'manager'),
    owners: none,
    externalIds: externalIdsOf(user, provider),
  };
};

const none: readonly string[] = [];

const statuses: Readonly<Record<string, Account['status']>> = {
  STAGED: 'pending',
  PROVISIONED: 'pending',
  ACTIVATING: 'pending',
  ACTIVE: 'enabled',
  RECOVERY: 'enabled',
  PASSWORD_EXPIRED: 'enabled',
  LOCKED_OUT: 'locked',
  SUSPENDED: 'disabled',
  DEPROVISIONED: 'disabled',
};

const fullName = (profile: unknown): string | null => {
  const first = saidAt(profile, 'firstName');
  const last = saidAt(profile, 'lastName');
  return first !== null && last !== null ? `${first} ${last}` : (first ?? last);
};

/** Custom attributes have the names that administrators gave them; these are the usual ones. */
const attributes: readonly (readonly [kind: string, names: readonly string[]])[] = [
  ['sid', ['objectSid', 'sid']],
  ['immutable-id', ['immutableId', 'onPremisesImmutableId']],
  ['github-login', ['githubLogin', 'githubUsername', 'github']],
];

const externalIdsOf = ({ id, profile, credentials }: Identified, provider: string | null): readonly string[] => {
  const found = [`okta:${id}`];
  for (const [kind, names] of attributes) {
    for (const name of names) {
      const value = saidAt(profile, name);
      if (value === null) continue;
      found.push(`${kind}:${value}`);
      break;
    }
  }
  const sam = provider === 'ACTIVE_DIRECTORY' ? saidAt(profile, 'samAccountName') : null;
  const domain = sam === null ? null : saidAt(credentials, 'provider', 'name');
  if (sam !== null && domain !== null) found.push(`ad:${domain.toLowerCase()}\\${sam.toLowerCase()}`);
  return found;
};

/** Okta's search index is a few minutes behind at worst; a change must not fall between two reads. */
const overlapMs = 10 * 60_000;

/** `/users` leaves the deactivated out, so they are asked for apart, after the others: who is deactivated meanwhile is in both. */
const everyone = [
  '/api/v1/users?limit=200',
  `/api/v1/users?${new URLSearchParams({ filter: 'status eq "DEPROVISIONED"', limit: '200' })}`,
];

const changedSince = (since: string) => {
  const from = new Date(Date.parse(since) - overlapMs).toISOString();
  return [`/api/v1/users?${new URLSearchParams({ search: `lastUpdated gt "${from}"`, limit: '200' })}`];
};

/**
 * A cursor carries where the walk stands and `since`, when the read began by Okta's clock. Without a place it is the
 * watermark: the next read asks for what changed since then. `until` is what `since` will be when this read is done.
 */
async function* readUsers(client: OktaClient, from: Cursor | null): AsyncIterable<Page<Account>> {
  await client.session.require('okta.users.read');
  const cursor = from === null ? null : jsonOf(from);
  const since = saidAt(cursor, 'since');
  const until = saidAt(cursor, 'until') ?? client.now().toISOString();
  const paths = since === null || Number.isNaN(Date.parse(since)) ? everyone : changedSince(since);
  const sections = paths.map((first) => flat({ first, list: (c, path) => c.list(path, User), map: toAccount }));
  const carry = { ...(since === null ? {} : { since }), until };
  const isUnderWay = at(cursor, 'section') !== undefined;
  yield* walk(client, { sections, carry, last: () => JSON.stringify({ since: until }) }, isUnderWay ? from : null);
}

export const users = stream<OktaClient, 'accounts'>({
  record: 'accounts',
  title: 'Users',
  needs: 'the scope okta.users.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'delta', fullEveryMs: 24 * 3_600_000 },
  everyMs: 15 * 60_000,
  read: readUsers,
  probe: (client) => client.probe('/api/v1/users?limit=1', 'okta.users.read'),
});
