import {
  controllerNumber,
  controllerWord,
  isUnknownThere,
  needsControllers,
  unseenControllers,
} from '../controllers.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';
import { certificateRule } from './certificate-rule.ts';

const binding = 'StrongCertificateBindingEnforcement';
const mapping = 'CertificateMappingMethods';
/** Not set means what the updates of the controller make of it, which is the strong way. */
const isUnbound = `case when ${isUnknownThere('p', binding)} then null else coalesce(${controllerNumber('p', binding)} = 0, false) end`;
/** Schannel takes the name in the certificate for the account’s (the bit of UPN mapping). */
const isByName = `case when ${isUnknownThere('p', mapping)} then null else coalesce(${controllerNumber('p', mapping)} & 4 <> 0, false) end`;
const isWeak = `(${isUnbound} or ${isByName})`;

export const esc10WeakMappingOnController = defineRule({
  ...certificateRule,
  id: 'esc10-weak-mapping-on-controller',
  catalogue: 'ESC10',
  title: 'Domain controller takes a certificate by its name alone (ESC10)',
  summary:
    'StrongCertificateBindingEnforcement is 0, or Schannel maps certificates by user principal name: the controller does not look whose certificate it is.',
  why: 'Whoever may write the name of any account gives it a privileged one’s, enrols, and signs in as that one.',
  severity: 'high',
  needs: needsControllers,
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p', '4')},
      ${evidence(
        fact(binding, controllerWord('p', binding), 'policies', 'p'),
        fact(mapping, controllerWord('p', mapping), 'policies', 'p'),
      )}
    from policies p where p.type = 'domain_controller' and ${isWeak}`,
  unseen: unseenControllers(isWeak, 'How a domain controller maps certificates is not known.'),
  remediation: [
    'Look for event 39 of the Kdcsvc source: it names certificates that only the weak way lets in. Issue them anew, or map them explicitly by issuer and serial number.',
    'Delete StrongCertificateBindingEnforcement, or set it to 2; take the bit 4 out of CertificateMappingMethods (0x18 is what Microsoft sets).',
    'Keep the controllers up to date: since September 2025 they demand the strong way in Kerberos, whatever the registry says.',
  ],
});
