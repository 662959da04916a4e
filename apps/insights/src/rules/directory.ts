/** What rules about a directory have in common, in SQL. Streams are those of a collector that reads a domain. */
export const directoryStream = (stream: string) => `insights-collector.active-directory-${stream}`;

/** What has to be read before anybody can be told from Tier 0. */
export const directoryPrivilege: readonly string[] = [
  ...['groups', 'memberships', 'primary-groups', 'roles', 'privileged-groups'].map(directoryStream),
];

/** What True Privilege follows from: also who may take over whom. */
export const directoryTruePrivilege: readonly string[] = [
  ...directoryPrivilege,
  ...['containers', 'group-policies', 'well-known-groups', 'access-entries'].map(directoryStream),
];

/** Whether the principal of a grant is not of Tier 0: it holds no role of the highest privilege, directly or through groups. */
export const isBelowTierZero = (grant: string): string => `not exists (
  select from tier_zero t where t.connection_id = ${grant}.connection_id and t.id = ${grant}.principal_id)`;

export const isTierZero = (connection: string, id: string): string =>
  `exists (select from tier_zero t where t.connection_id = ${connection} and t.id = ${id})`;

/** Principals that everybody, or nearly, is: Everyone, Anonymous, Authenticated Users, Users, Domain Users, Domain Computers, Guests. */
export const isBroad = (id: string): string =>
  `(${id} in ('S-1-1-0', 'S-1-5-7', 'S-1-5-11', 'S-1-5-32-545', 'S-1-5-32-554') or ${id} ~ '^S-1-5-21-[0-9-]+-(513|514|515)$')`;

/** What the principal of a grant is called. */
export const principalName = (grant: string): string => `coalesce(
  (select p.name from groups p where p.connection_id = ${grant}.connection_id and p.id = ${grant}.principal_id limit 1),
  (select p.login from accounts p where p.connection_id = ${grant}.connection_id and p.id = ${grant}.principal_id limit 1),
  ${grant}.principal_id)`;

/** Whether a bit of userAccountControl is set, by its name in MS-ADTS 2.2.16; null where it could not be read. */
export const hasFlag = (account: string, flag: string): string => `(${account}.raw->'flags' ? '${flag}')`;

/** A number among an account’s words. */
export const numberIn = (account: string, word: string): string =>
  `(case when jsonb_typeof(${account}.raw->'${word}') = 'number' then (${account}.raw->>'${word}')::bigint end)`;

/** Members of a list among an account’s words, as rows of one text. */
export const listIn = (account: string, word: string): string =>
  `jsonb_array_elements_text(case when jsonb_typeof(${account}.raw->'${word}') = 'array' then ${account}.raw->'${word}' else '[]' end)`;

/** Rights by which a principal makes an object its own. */
export const controlRights = `('acl:Owns', 'acl:GenericAll', 'acl:GenericWrite', 'acl:WriteDacl', 'acl:WriteOwner')`;
