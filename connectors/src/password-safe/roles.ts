import { empty, type Privilege, type Role, stream } from '@gatehouse/connector-kit';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf } from './ids.ts';
import { whole } from './lists.ts';
import { needOf } from './needs.ts';
import { rawOf } from './raw.ts';
import { textAt } from './shapes.ts';

/** What a role on a Smart Group can do at worst, by its name: the numbers of roles are those of one installation. */
const known: readonly (readonly [name: RegExp, privilege: Privilege, description: string])[] = [
  [
    /^(isa|information (systems? )?security administrator)$/i,
    'high',
    'Takes the passwords and sessions of the accounts without asking anybody.',
  ],
  [/^credentials? manager$/i, 'high', 'Sets the credentials of the accounts.'],
  [/^requestor\s*\/\s*approver$/i, 'high', 'Requests the accounts and approves requests.'],
  [/^requestor$/i, 'moderate', 'Requests passwords and sessions of the accounts, as an access policy allows.'],
  [/^approver$/i, 'moderate', 'Approves requests of others.'],
  [/^active session reviewer$/i, 'moderate', 'Watches, locks and ends sessions under way.'],
  [/^recorded session reviewer$/i, 'low', 'Plays recordings of sessions.'],
  [/^auditor$/i, 'low', 'Sees reports and recordings.'],
];

/** Null for a role that this table does not know: it is undetermined, not harmless. */
export const privilegeOfRole = (name: string | null): Privilege | null =>
  known.find(([pattern]) => pattern.test(name?.trim() ?? ''))?.[1] ?? null;

/** What everybody in the group Administrators may do. */
export const administrator: Role = {
  ...empty('roles'),
  id: 'role:administrator',
  raw: null,
  type: 'builtin_role',
  name: 'Administrator',
  description: 'Everything in BeyondInsight and Password Safe, which every managed account can be taken with.',
  privilege: 'highest',
};

/** Access to a Smart Group itself, apart from the roles on what is in it. */
export const accessLevels: readonly Role[] = [
  {
    ...{ ...empty('roles'), raw: null, type: 'permission', id: 'access-level:1' },
    ...{ name: 'Read Only', description: 'Sees a Smart Group and what is in it.', privilege: 'low' },
  },
  {
    ...{ ...empty('roles'), raw: null, type: 'permission', id: 'access-level:3' },
    ...{
      name: 'Full Control',
      description: 'Changes a Smart Group, and so what the roles on it reach.',
      privilege: 'high',
    },
  },
];

export const toRole = (item: unknown): Role => {
  const name = textAt(item, 'Name');
  return {
    ...empty('roles'),
    id: idOf('role', numberOf('role', item)),
    raw: rawOf(Object(item)),
    type: 'builtin_role',
    name,
    description: known.find(([pattern]) => pattern.test(name ?? ''))?.[2] ?? null,
    privilege: privilegeOfRole(name),
  };
};

const rolesPath = '/Roles';

export const roles = stream<PasswordSafeClient, 'roles'>({
  record: 'roles',
  title: 'Roles',
  needs: needOf('roles'),
  reading: { mode: 'full' },
  everyMs: 24 * 3_600_000,
  async *read(client, from) {
    const { items, leftOut } = await client.list(rolesPath, toRole);
    yield* whole(Promise.resolve({ items: [administrator, ...accessLevels, ...items], leftOut }), from);
  },
  probe: (client) => client.probe(rolesPath),
});
