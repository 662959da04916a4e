import { directoryStream } from './directory.ts';

/** What rules read that look at the registry of certification authorities. `p` is the authority among the policies. */
export const needsAuthorities: readonly string[] = [directoryStream('registry'), directoryStream('enrolment-services')];

const service = (authority: string) => `select from resources s
  where s.connection_id = ${authority}.connection_id and s.id = ${authority}.id and s.type = 'enrollment_service'`;

/** What it issues counts in the domain: it is in NTAuth, below a trusted root. */
export const countsInDomain = (authority: string): string => `exists (${service(authority)}
  and s.attributes->>'isInNtAuth' = 'true' and s.attributes->>'hasTrustedRoot' = 'true')`;

/** Whether that is not known. Where one of the two is known to be missing it does not count, whatever the other is. */
const mayCount = (authority: string) => `exists (${service(authority)}
  and coalesce(s.attributes->>'isInNtAuth', 'true') = 'true' and coalesce(s.attributes->>'hasTrustedRoot', 'true') = 'true')`;

/** A fact of an authority that its registry tells: true, false, or null where it could not be read. */
export const authorityFact = (authority: string, name: string): string =>
  `(${authority}.settings->>'${name}')::boolean`;

/**
 * Authorities of which it cannot be known, for `unseen`: `isFound` came to null, or to true where it is not known whether
 * it counts; and enrolment services whose registry nobody has read yet.
 */
export const unseenAuthorities = (isFound: string, reason: string): string => `
  select p.connection_id, p.stream, p.id, '${reason}' as reason from policies p
  where p.type = 'certification_authority' and coalesce(${isFound}, true) and ${mayCount('p')}
    and ((${isFound}) is null or not ${countsInDomain('p')})
  union all
  select s.connection_id, s.stream, s.id, 'The registry of the authority has not been read yet.' as reason from resources s
  where s.type = 'enrollment_service' and not exists (
    select from policies p where p.connection_id = s.connection_id and p.id = s.id and p.type = 'certification_authority')`;
