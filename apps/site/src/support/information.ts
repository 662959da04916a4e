import { sql } from 'kysely';
import { type Change, inSession, note } from './in-session.ts';
import type { Member } from './participants.ts';
import type { SupportSession } from './store.ts';

const labels = {
  platform: 'Operating system',
  userAgent: 'Browser',
  language: 'Language',
  timeZone: 'Time zone',
  screen: 'Screen',
} as const;

/** What the browser of a customer says about their machine: nobody proves it. */
export const addSystemInformation = async (
  change: Change,
  { lsid, gsnumber }: Member,
  said: Readonly<Record<keyof typeof labels, string>>,
): Promise<void> => {
  const fields = fieldsOf(labels, said);
  await inSession(change, lsid, 'change', { systemInformation: fields.length }, (session) =>
    note(change, session, 'system_information', gsnumber, { categories: [{ name: 'Browser', fields, rows: [] }] }),
  );
};

const machineLabels = {
  hostname: 'Host name',
  fqdn: 'Full host name',
  operatingSystem: 'Operating system',
  privateIp: 'Private address',
  publicIp: 'Public address',
  consoleUser: 'Signed in',
  version: 'Version of the Jump Client',
} as const;

/** What the Jump Client of the session said of its machine when it connected last. */
export const noteMachineInformation = async (
  change: Change,
  session: SupportSession,
  gsnumber: number,
  clientId: number,
): Promise<void> => {
  const { rows } = await sql<Readonly<Record<keyof typeof machineLabels, string | null>>>`
    select hostname, fqdn, operating_system as "operatingSystem", private_ip as "privateIp", public_ip as "publicIp",
      console_user as "consoleUser", version from jump_clients where id = ${clientId}`.execute(change.tx);
  if (rows[0] === undefined) return;
  const categories = [{ name: 'Jump Client', fields: fieldsOf(machineLabels, rows[0]), rows: [] }];
  await note(change, session, 'system_information', gsnumber, { categories });
};

const fieldsOf = <K extends string>(labels: Readonly<Record<K, string>>, said: Readonly<Record<K, string | null>>) =>
  // The keys of labels, which their type forgets.
  (Object.keys(labels) as K[]).flatMap((key) => {
    const value = said[key] ?? '';
    return value === '' ? [] : [{ name: labels[key], value }];
  });
