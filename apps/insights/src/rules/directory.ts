import { controlObject, everybody, listIn } from '../privilege/index.ts';
import { fact } from './rule.ts';

/** What rules about a directory have in common, in SQL. Streams are those of a collector that reads a domain. */
export const directoryStream = (stream: string) => `insights-collector.active-directory-${stream}`;

/** What has to be read before anybody can be told from Tier 0. */
export const directoryPrivilege: readonly string[] = [
  ...['groups', 'memberships', 'primary-groups', 'roles', 'privileged-groups'].map(directoryStream),
];

/** What has to be read to know who may take over whom. */
export const directoryControl: readonly string[] = [
  ...directoryPrivilege,
  ...['containers', 'group-policies', 'well-known-groups', 'access-entries'].map(directoryStream),
];

/** What True Privilege follows from: also who may get a certificate as whom. */
export const directoryTruePrivilege: readonly string[] = [
  ...directoryControl,
  ...['certificate-templates', 'enrolment-services', 'certificate-access-entries'].map(directoryStream),
];

/**
 * Whether the principal of a grant is not of Tier 0: it holds no role of the highest privilege, directly or through groups.
 * A SID of a domain is one of its kind, so a principal of another domain is known where that one is read, too.
 */
export const isBelowTierZero = (grant: string): string => `not exists (
  select from tier_zero t where t.id = ${grant}.principal_id
    and (t.connection_id = ${grant}.connection_id or t.id like 'S-1-5-21-%'))`;

export const isTierZero = (connection: string, id: string): string =>
  `exists (select from tier_zero t where t.connection_id = ${connection} and t.id = ${id})`;

/** Principals that everybody, or nearly, is: Everyone, Anonymous, Authenticated Users, Users, Domain Users, Domain Computers, Guests. */
export const isBroad = (id: string): string =>
  `(${id} in ('S-1-1-0', 'S-1-5-7', 'S-1-5-11', 'S-1-5-32-545', 'S-1-5-32-554') or ${id} ~ '^S-1-5-21-[0-9-]+-(513|514|515)$')`;

/** Principals that everybody is who signed in, and whom no membership names. */
export const isEverybody = (id: string): string => `(${id} in ${everybody})`;

/** What the principal of a grant is called, by its own domain or by another one that is read. */
export const principalName = (grant: string): string => `coalesce(
  (select p.name from groups p where p.id = ${grant}.principal_id order by p.connection_id = ${grant}.connection_id desc limit 1),
  (select p.login from accounts p where p.id = ${grant}.principal_id order by p.connection_id = ${grant}.connection_id desc limit 1),
  ${grant}.principal_id)`;

/** Whom an access entry names, and what it lets them do. */
export const whoMay = (grant: string): readonly string[] => [
  fact('Who', principalName(grant), 'grants', grant),
  fact('May', `substr(${grant}.role_id, 5)`, 'grants', grant),
];

/** Whether a bit of userAccountControl is set, by its name in MS-ADTS 2.2.16; null where it could not be read. */
export const hasFlag = (account: string, flag: string): string => `(${flagsOf(account)} ? '${flag}')`;

/** Whether the bits of userAccountControl could be read. */
export const hasFlags = (account: string): string => `jsonb_typeof(${flagsOf(account)}) = 'array'`;

const flagsOf = (account: string): string => `(${account}.raw->'decoded'->'userAccountControl')`;

export const flagsFact = (account: string): string =>
  fact(
    'userAccountControl',
    `(select string_agg(flag, ', ') from jsonb_array_elements_text(${flagsOf(account)}) flag)`,
    'accounts',
    account,
  );

/** Accounts in use whose userAccountControl may not be read. */
export const unseenFlags = `
    select a.connection_id, a.stream, a.id, 'The flags of some accounts may not be read.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.id like 'S-1-%' and coalesce(a.status, 'enabled') = 'enabled' and ${hasFlags('a')} is not true`;

/** A number among an account’s words. */
export const numberIn = (account: string, word: string): string =>
  `(case when jsonb_typeof(${account}.raw->'${word}') = 'number' then (${account}.raw->>'${word}')::bigint end)`;

export { listIn };

/** Whether tickets for the account can be had: it has a service principal name. */
export const hasServices = (account: string): string =>
  `exists (select from ${listIn(account, 'servicePrincipalName')})`;

/** Rights by which a principal makes an object its own. */
export const controlRights = `(${controlObject.map((right) => `'${right}'`).join(', ')})`;
