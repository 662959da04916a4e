/** What the registry of a certification authority says, in SQL. `authority` is an alias of policies. */

/** A fact of an authority: true, false, or null where it could not be read. */
export const authorityFact = (authority: string, name: string): string =>
  `(${authority}.settings->>'${name}')::boolean`;

/** Whatever a template says, a request may ask for any name in its attributes, and gets it at once. */
export const takesAnyName = (authority: string): string =>
  `(${authorityFact(authority, 'takesSubjectsFromAttributes')} and ${authorityFact(authority, 'issuesAtOnce')})`;

/** szOID_NTDS_CA_SECURITY_EXT, the SID of whose certificate it is, is left out of every certificate. */
export const leavesOutWhose = (authority: string): string => `(case
  when jsonb_typeof(${authority}.settings->'disabledExtensions') = 'array'
  then ${authority}.settings->'disabledExtensions' ? '1.3.6.1.4.1.311.25.2' end)`;

/** Who has which right on the authority, as rows of one column `held`: `trustee`, `right`, `isCertain`. */
export const rightsOn = (authority: string): string =>
  `jsonb_array_elements(case when jsonb_typeof(${authority}.settings->'rights') = 'array' then ${authority}.settings->'rights' else '[]' end) held`;
