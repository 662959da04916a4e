import {
  controllerNumber,
  controllerWord,
  isUnknownThere,
  needsControllers,
  unseenControllers,
} from '../controllers.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

const name = 'RequireSecuritySignature';
const isOff = `case when ${isUnknownThere('p', name)} then null else coalesce(${controllerNumber('p', name)}, 0) = 0 end`;

export const smbSigningOff = defineRule({
  id: 'smb-signing-off',
  catalogue: 'AD17',
  title: 'Domain controller takes file requests that nobody signed',
  summary: 'A domain controller does not demand that requests over SMB are signed.',
  why: 'A sign-in that was caught in the network is passed on to the controller, and what members read of policies from it may be changed on the way.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1557.001'],
  needs: needsControllers,
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p', '4')}, ${evidence(fact(name, controllerWord('p', name), 'policies', 'p'))}
    from policies p where p.type = 'domain_controller' and ${isOff}`,
  unseen: unseenControllers(isOff, 'Whether a domain controller demands signed SMB is not known.'),
  remediation: [
    'Set “Microsoft network server: Digitally sign communications (always)” to “Enabled” in a policy of the controllers; the Default Domain Controllers Policy does so as it comes.',
  ],
});
