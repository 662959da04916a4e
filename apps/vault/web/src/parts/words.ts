import type { Credential, Delegation, Schedule } from '../api/types.ts';

export const typeTitles = {
  ...{ linux: 'Linux password', ssh_key: 'SSH key', windows: 'Windows or domain account' },
  ...{ postgresql: 'PostgreSQL', mysql: 'MySQL or MariaDB', sqlserver: 'SQL Server', custom: 'Custom' },
} as const;
export const kindTitles = {
  ...{ windows: 'Windows computer', domain: 'Active Directory domain', linux: 'Linux or Unix' },
  ...{ postgresql: 'PostgreSQL', mysql: 'MySQL or MariaDB', sqlserver: 'SQL Server', other: 'Other' },
} as const;
export const identityTitles = {
  ...{ explicit: 'Explicit', domain_user: 'Domain account', domain_group: 'Domain group', role: 'Role' },
  ldap_user: 'LDAP account',
} as const;
export const jobTitles = {
  ...{ password_change: 'Password change', ssh_key_change: 'SSH key change', verify: 'Verification' },
} as const;

/** The six rights, as Privileged Identity names them. */
export const rightTitles = {
  ...{ viewAccounts: 'View accounts', viewPasswords: 'View passwords', requestPasswords: 'Request passwords' },
  ...{ grantRequests: 'Grant password requests', remoteSessions: 'Allow remote sessions', spin: 'Spin' },
} as const satisfies Readonly<Partial<Record<keyof Delegation, string>>>;
/** In the heads of columns. */
export const rightHeads = {
  ...{ viewAccounts: 'View accounts', viewPasswords: 'View passwords', requestPasswords: 'Request passwords' },
  ...{ grantRequests: 'Grant requests', remoteSessions: 'Remote sessions', spin: 'Spin' },
} as const;
export type RightName = keyof typeof rightTitles;

/** Choices of a filter or a field from titles by value. */
export const choicesOf = (titles: Readonly<Record<string, string>>) =>
  Object.entries(titles).map(([value, label]) => ({ value, label }));

/** The types that accounts of a kind of system may have, the usual one first. */
export const typesOfKind: Readonly<Record<keyof typeof kindTitles, readonly (keyof typeof typeTitles)[]>> = {
  ...{ windows: ['windows'], domain: ['windows'], linux: ['linux', 'ssh_key'] },
  ...{ postgresql: ['postgresql'], mysql: ['mysql'], sqlserver: ['sqlserver'], other: ['custom', 'ssh_key'] },
};

/** `[Linux]\root`; of a database with its instance. */
export const accountWords = ({
  namespace,
  accountName,
  instanceName,
}: Pick<Credential, 'namespace' | 'accountName'> & { readonly instanceName?: string }) =>
  `${namespace}\\${accountName}${instanceName ? ` (${instanceName})` : ''}`;

const two = (value: number) => String(value).padStart(2, '0');
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export const scheduleWords = (schedule: Schedule): string => {
  if (schedule.kind === 'now') return 'Once, at once';
  if (schedule.kind === 'at') return `Once, ${new Date(schedule.at).toLocaleString()}`;
  if (schedule.kind === 'every') return `Every ${minutesWords(schedule.minutes)}`;
  const time = `${two(schedule.hour)}:${two(schedule.minute)} UTC`;
  if (schedule.kind === 'daily') return `Daily at ${time}`;
  if (schedule.kind === 'weekly') return `Every ${days[schedule.day] ?? ''} at ${time}`;
  if (schedule.kind === 'monthly') return `Monthly on day ${schedule.dayOfMonth} at ${time}`;
  return `Yearly on ${two(schedule.dayOfMonth)}.${two(schedule.month)}. at ${time}`;
};

const minutesWords = (minutes: number): string => {
  if (minutes % 1_440 === 0) return minutes === 1_440 ? 'day' : `${minutes / 1_440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'hour' : `${minutes / 60} hours`;
  return `${minutes} minutes`;
};
