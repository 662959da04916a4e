import { leavesOutWhose } from '../../privilege/index.ts';
import { countsInDomain, defineAuthorityRule, unseenAuthorities } from '../authorities.ts';
import { fact } from '../rule.ts';

export const esc16SecurityExtensionDisabled = defineAuthorityRule({
  id: 'esc16-security-extension-disabled',
  catalogue: 'ESC16',
  title: 'Authority leaves out whose certificate it is (ESC16)',
  summary:
    'The security extension (1.3.6.1.4.1.311.25.2) is among those that the authority leaves out of every certificate.',
  why: 'Controllers then fall back to names, which can be changed: whoever may write the name of an account gets a certificate in another’s.',
  severity: 'high',
  where: `${leavesOutWhose('p')} and ${countsInDomain('p')}`,
  facts: [
    fact(
      'DisableExtensionList',
      `(select string_agg(one, ', ') from jsonb_array_elements_text(p.settings->'disabledExtensions') one)`,
      'policies',
      'p',
    ),
  ],
  unseen: unseenAuthorities(leavesOutWhose('p'), 'Which extensions an authority leaves out is not known.'),
  remediation: [
    'On the authority run `certutil -setreg policy\\DisableExtensionList -1.3.6.1.4.1.311.25.2`, and start its service anew.',
    'Issue certificates anew that people and machines sign in with.',
  ],
});
