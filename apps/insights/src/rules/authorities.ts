import { isTrusted } from '../privilege/index.ts';
import { certificateRule } from './certificate-services/certificate-rule.ts';
import { directoryStream } from './directory.ts';
import { defineRule, evidence, fact, type Rule, subject } from './rule.ts';

/** What rules read that look at the registry of certification authorities. `p` is the authority among the policies. */
export const needsAuthorities: readonly string[] = [directoryStream('registry'), directoryStream('enrolment-services')];

interface AuthorityRule extends Omit<Rule, keyof typeof certificateRule | 'needs' | 'subject' | 'sql'> {
  /** What it reads besides. */
  readonly needs?: readonly string[];
  readonly where: string;
  /** Facts besides where it runs. */
  readonly facts: readonly string[];
}

/** A rule about what the registry of an authority says. */
export const defineAuthorityRule = ({ where, facts, needs = [], ...rule }: AuthorityRule): Rule =>
  defineRule({
    ...certificateRule,
    ...rule,
    needs: [...new Set([...needsAuthorities, ...needs])],
    subject: 'policies',
    sql: `
    select ${subject('policies', 'p', '4')},
      ${evidence(
        ...facts,
        fact('Runs on', `coalesce(nullif(p.settings->>'host', ''), 'a machine without a name')`, 'policies', 'p'),
      )}
    from policies p where p.type = 'certification_authority' and ${where}`,
  });

const service = (authority: string) => `select from resources s
  where s.connection_id = ${authority}.connection_id and s.id = ${authority}.id and s.type = 'enrollment_service'`;

/** What it issues counts in the domain. */
export const countsInDomain = (authority: string): string => `exists (${service(authority)} and ${isTrusted('s')})`;

/** Whether that is not known. Where one of the two is known to be missing it does not count, whatever the other is. */
const mayCount = (authority: string) => `exists (${service(authority)} and ${isTrusted('s')} is not false)`;

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
