import { z } from 'zod';
import type { Target } from '../commands/index.ts';
import { ask, find, isCalled } from './ensure.ts';
import { joinOperators } from './site.ts';
import { ensureOperators, Identity } from './vault.ts';

const User = z.object({
  id: z.number(),
  username: z.string(),
  email_address: z.string().optional(),
  enabled: z.boolean(),
  perm_admin: z.boolean(),
});
type User = z.output<typeof User>;
const Person = z.object({ personId: z.string(), email: z.string() });

/**
 * Gives the first administrator an identity of the vault that may open sessions on the sample server, and the user of the
 * site the name of that identity, which is what the ECM asks the vault for. Nothing where there is no administrator of both
 * yet, or somebody is in already.
 */
export const wirePerson = async (site: Target, vault: Target): Promise<void> => {
  const operators = await ensureOperators(vault);
  const members = `/api/identities/${operators.identityId}/members`;
  if ((await find(vault, members, Identity, () => true)) !== null) return;
  const user = await find(site, '/api/users', User, (one) => one.perm_admin && one.enabled);
  const email = user?.email_address?.toLowerCase();
  if (user === null || email === undefined) return;
  const person = await findPerson(vault, email);
  if (person === null) return;
  const identity = await ensureIdentity(vault, person, user, email);
  if (!isCalled(identity.name)(user.username))
    await ask(site, 'PATCH', `/api/users/${user.id}`, z.unknown(), { username: identity.name });
  await joinOperators(site, user.id);
  // Last: whoever is in is wired whole.
  await ask(vault, 'PUT', `${members}/${identity.identityId}`, z.unknown(), {});
};

const findPerson = (vault: Target, email: string) =>
  find(vault, '/api/people', Person, (one) => one.email.toLowerCase() === email);

const ensureIdentity = async (
  vault: Target,
  { personId }: z.output<typeof Person>,
  user: User,
  email: string,
): Promise<Identity> => {
  const own = await find(vault, '/api/identities', Identity, (one) => one.personId === personId);
  if (own !== null) return own;
  const wanted = isCalled(email)(user.username) ? nameOf(email) : user.username;
  let name = wanted;
  for (let number = 2; (await find(vault, '/api/identities', Identity, (one) => isCalled(name)(one.name))) !== null; )
    name = `${wanted}${number++}`;
  return await ask(vault, 'POST', '/api/identities', Identity, { kind: 'explicit', name, personId });
};

/** `ada@acme.example` → `ada`: the domain of an address is none that a vault knows. */
const nameOf = (email: string): string => (email.split('@')[0] ?? '').replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 60);
