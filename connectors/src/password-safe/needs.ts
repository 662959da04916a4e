/** Features of a user group in BeyondInsight that streams need, all of them read-only. The setup steps list them. */
export const features = {
  users: 'User Accounts Management',
  roles: 'Password Safe Role Management',
  accounts: 'Password Safe Account Management',
  systems: 'Password Safe System Management',
  assets: 'Asset Management',
  audits: 'User Audits',
  registrations: 'API Registration Management',
} as const;
export type Feature = keyof typeof features;

const toGroup = 'to a group of the run-as user';

const named = (needed: readonly Feature[]): string => {
  const names = needed.map((feature) => `${features[feature]} (Read Only)`);
  return `${names.length > 1 ? 'the features' : 'the feature'} ${names.join(' and ')}`;
};

/** "the feature User Accounts Management (Read Only) to a group of the run-as user" */
export const needOf = (...needed: readonly Feature[]): string => `${named(needed)} ${toGroup}`;

export const needsSmartGroups = `read access to the Smart Groups ${toGroup}`;

export const needsSmartGroupsWith = (...needed: readonly Feature[]): string =>
  `read access to the Smart Groups, and ${named(needed)}, ${toGroup}`;

export const needsAuditor = `the role Auditor on the Smart Group “All Assets” ${toGroup}`;
