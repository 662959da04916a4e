import { isIP } from 'node:net';
import { sql } from 'kysely';
import { z } from 'zod';
import { type ListEntry, listUsableEntries } from '../checkouts/index.ts';
import { type Credential, credentialColumns } from '../credentials/index.ts';
import { type GlobalRights, globalRightsOf, rightsOn } from '../delegation/index.ts';
import { flag, optional } from './members.ts';
import { credentialTypeOf, typeOfStore } from './naming.ts';
import { answerOf, type Call, defineOperation, type Operation } from './operation.ts';

const Body = z.object({
  ...{ SystemName: optional(), IPAddress: optional(), Domain: optional() },
  IncludeSharedCredentialLists: flag,
});

const UsableCredential = answerOf('UsableCredential', {
  ...{ Kind: z.string(), SystemName: z.string(), Namespace: z.string(), AccountName: z.string() },
  ...{ InstanceName: z.string(), SharedCredentialListName: z.string(), AccountStoreType: z.int() },
  ...{ CredentialType: z.string(), IsRandom: z.boolean(), AutoSpin: z.boolean() },
  ...{ ApprovalNeeded: z.boolean(), CheckedOut: z.boolean() },
});

const most = 1_000;

/** What an identity may check out or ask for on an endpoint. Descriptions only. */
export const listingOperations: readonly Operation[] = [
  defineOperation({
    name: 'AccountStoreOps_ListStoredCredentials',
    summary: 'List what the identity may check out or ask for on a system',
    body: Body,
    answer: answerOf('UsableCredentials', { ListValues: z.array(UsableCredential), Truncated: z.boolean() }),
    perform: async (call, body) => {
      const global = await globalRightsOf(call.tx, call.acting.actor);
      const stored = await listStored(call, global, body);
      const isFull = stored.length > most || !body.IncludeSharedCredentialLists;
      const shared = isFull ? [] : await listShared(call, global, body);
      const all = [...stored.map(toStoredLine), ...shared.map(toSharedLine)];
      return { ListValues: all.slice(0, most), Truncated: all.length > most };
    },
  }),
];

interface Row extends Credential {
  readonly approvalNeeded: boolean;
  readonly checkedOut: boolean;
}

const listStored = async (
  { tx, acting: { actor } }: Call,
  global: GlobalRights,
  asked: z.output<typeof Body>,
): Promise<readonly Row[]> => {
  const forUse = actor.impersonator === null ? sql`r.view_passwords` : sql`(r.view_passwords or r.remote_sessions)`;
  const { rows } = await sql<Row>`
    select ${credentialColumns}, not ${forUse} as "approvalNeeded", exists (select from checkouts o
        where o.credential_id = c.credential_id and o.checked_in_at is null
          and o.identity_id <> ${actor.identity.identityId}) as "checkedOut"
    from credentials c join systems s using (system_id) join ${rightsOn(actor, global)} r using (credential_id)
    where (${forUse} or r.request_passwords) and c.secret_id is not null and ${ofEndpoint(asked)}
    order by lower(s.name), lower(c.namespace), lower(c.account_name), lower(c.instance_name), c.type limit ${most + 1}`.execute(
    tx,
  );
  return rows;
};

/** Systems that are the endpoint, by whichever name the caller has, and the domain; all where nothing is asked for. */
const ofEndpoint = (asked: z.output<typeof Body>) => {
  const domain = asked.Domain.toLowerCase();
  const ofDomain = sql`(s.kind = 'domain' and ${domain} in (lower(s.domain_netbios), lower(s.domain_dns), lower(s.name)))`;
  const { full, short, address } = namesOf(asked);
  const conditions = [
    ...(domain === '' ? [] : [ofDomain]),
    ...(address === '' ? [] : [sql`lower(s.name) = ${address} or lower(s.address) = ${address}`]),
    ...(full === '' ? [] : [sql`lower(s.name) = ${full} or lower(s.address) = ${full}`]),
    // A full name means a system that is called by the short one, unless that is known to be of another domain.
    ...(full === '' || short === full
      ? []
      : [
          sql`(lower(s.name) = ${short} and coalesce(lower(s.domain_dns), ${full.slice(short.length + 1)}) = ${full.slice(short.length + 1)})`,
        ]),
    ...(full === '' || short !== full ? [] : [sql`starts_with(lower(s.name), ${`${short}.`})`]),
  ];
  return conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` or `)})`;
};

/** In lower case. An address in the place of a name is an address. */
const namesOf = ({ SystemName, IPAddress }: z.output<typeof Body>) => {
  const name = SystemName.toLowerCase().replace(/\.$/, '');
  if (isIP(name) !== 0) return { full: '', short: '', address: name };
  return { full: name, short: name.split('.', 1)[0] ?? '', address: IPAddress.toLowerCase() };
};

const listShared = (
  { tx, acting: { actor } }: Call,
  global: GlobalRights,
  asked: z.output<typeof Body>,
): Promise<readonly ListEntry[]> => {
  const { full, short, address } = namesOf(asked);
  const names = [full, short, address].filter((name) => name !== '');
  const isShort = full !== '' && full === short;
  const ofEndpoint =
    names.length === 0 && asked.Domain === ''
      ? sql`true`
      : sql`(e.system_name = '' or lower(e.system_name) = any(${names})
          or (${isShort} and starts_with(lower(e.system_name), ${`${short}.`})))`;
  return listUsableEntries(tx, actor, global, ofEndpoint, most + 1);
};

const toStoredLine = (row: Row) => ({
  ...{ Kind: 'Stored', SystemName: row.systemName, Namespace: row.namespace, AccountName: row.accountName },
  ...{ InstanceName: row.instanceName, SharedCredentialListName: '', AccountStoreType: typeOfStore(row) },
  ...{ CredentialType: credentialTypeOf(row), IsRandom: row.isRandom, AutoSpin: row.autoSpin },
  ...{ ApprovalNeeded: row.approvalNeeded, CheckedOut: row.checkedOut },
});

const toSharedLine = ({ systemName, accountName, listName }: ListEntry) => ({
  ...{ Kind: 'Shared', SystemName: systemName, Namespace: '', AccountName: accountName, InstanceName: '' },
  ...{ SharedCredentialListName: listName, AccountStoreType: 0, CredentialType: 'Password' },
  ...{ IsRandom: false, AutoSpin: false, ApprovalNeeded: false, CheckedOut: false },
});
