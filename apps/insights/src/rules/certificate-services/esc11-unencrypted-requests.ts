import { authorityFact } from '../../privilege/index.ts';
import { countsInDomain, defineAuthorityRule, unseenAuthorities } from '../authorities.ts';
import { fact } from '../rule.ts';

const isOpen = `(${authorityFact('p', 'takesRemoteRequests')} and not ${authorityFact('p', 'requiresEncryptedRequests')})`;

export const esc11UnencryptedRequests = defineAuthorityRule({
  id: 'esc11-unencrypted-requests',
  catalogue: 'ESC11',
  title: 'Authority takes requests that are not encrypted (ESC11)',
  summary:
    'IF_ENFORCEENCRYPTICERTREQUEST is off: the authority takes requests over RPC that are neither signed nor encrypted.',
  why: 'A sign-in of a machine that was lured elsewhere, also a controller’s, is passed on to the authority, which issues a certificate of that machine.',
  severity: 'high',
  where: `${isOpen} and ${countsInDomain('p')}`,
  facts: [fact('InterfaceFlags', `'0x' || to_hex((p.settings->>'interfaceFlags')::bigint)`, 'policies', 'p')],
  unseen: unseenAuthorities(isOpen, 'Whether an authority demands encrypted requests is not known.'),
  remediation: [
    'On the authority run `certutil -setreg CA\\InterfaceFlags +IF_ENFORCEENCRYPTICERTREQUEST`, and start its service anew.',
  ],
});
