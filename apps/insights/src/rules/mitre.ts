/** Techniques of MITRE ATT&CK that rules name. */
const techniques: Readonly<Record<string, string>> = {
  T1068: 'Exploitation for Privilege Escalation',
  T1078: 'Valid Accounts',
  'T1078.004': 'Valid Accounts: Cloud Accounts',
  T1098: 'Account Manipulation',
  'T1098.001': 'Account Manipulation: Additional Cloud Credentials',
  'T1098.003': 'Account Manipulation: Additional Cloud Roles',
  'T1195.002': 'Supply Chain Compromise: Compromise Software Supply Chain',
  T1199: 'Trusted Relationship',
  'T1213.003': 'Data from Information Repositories: Code Repositories',
  'T1484.002': 'Domain or Tenant Policy Modification: Trust Modification',
  T1539: 'Steal Web Session Cookie',
  'T1550.001': 'Use Alternate Authentication Material: Application Access Token',
  T1552: 'Unsecured Credentials',
  'T1552.001': 'Unsecured Credentials: Credentials In Files',
  'T1552.004': 'Unsecured Credentials: Private Keys',
  T1557: 'Adversary-in-the-Middle',
  T1621: 'Multi-Factor Authentication Request Generation',
};

export const technique = (id: string): { id: string; name: string; url: string } => ({
  id,
  name: techniques[id] ?? id,
  url: `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`,
});

export const knownTechniques: readonly string[] = Object.keys(techniques);
