import { countsInDomain, needsAuthorities, unseenAuthorities } from '../authorities.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

/** szOID_NTDS_CA_SECURITY_EXT: the SID of whose certificate it is. */
const isDisabled = `(case when jsonb_typeof(p.settings->'disabledExtensions') = 'array'
  then p.settings->'disabledExtensions' ? '1.3.6.1.4.1.311.25.2' end)`;

export const esc16SecurityExtensionDisabled = defineRule({
  id: 'esc16-security-extension-disabled',
  catalogue: 'ESC16',
  title: 'Authority leaves out whose certificate it is (ESC16)',
  summary:
    'The security extension (1.3.6.1.4.1.311.25.2) is among those that the authority leaves out of every certificate.',
  why: 'Controllers then fall back to names, which can be changed: whoever may write the name of an account gets a certificate in another’s.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1649'],
  needs: needsAuthorities,
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p', '4')},
      ${evidence(
        fact(
          'DisableExtensionList',
          `(select string_agg(one, ', ') from jsonb_array_elements_text(p.settings->'disabledExtensions') one)`,
          'policies',
          'p',
        ),
        fact('Runs on', `coalesce(nullif(p.settings->>'host', ''), 'a machine without a name')`, 'policies', 'p'),
      )}
    from policies p where p.type = 'certification_authority' and ${isDisabled} and ${countsInDomain('p')}`,
  unseen: unseenAuthorities(isDisabled, 'Which extensions an authority leaves out is not known.'),
  remediation: [
    'On the authority run `certutil -setreg policy\\DisableExtensionList -1.3.6.1.4.1.311.25.2`, and start its service anew.',
    'Issue certificates anew that people and machines sign in with.',
  ],
});
