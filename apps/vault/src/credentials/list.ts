import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { type GlobalRights, globalRightsOf, type Rights, rightsOn } from '../delegation/index.ts';
import type { Actor } from '../identities/index.ts';
import { equals, found, type PageOf, type PageQuery, readPage } from '../paging.ts';
import type { Credential, CredentialType } from './model.ts';
import { credentialColumns } from './store.ts';

export interface ListedCredential extends Credential {
  /** How many secrets it had before. */
  readonly formerSecrets: number;
}

export interface CredentialListQuery extends PageQuery {
  readonly search?: string | undefined;
  readonly systemId?: string | undefined;
  readonly setId?: string | undefined;
  readonly policyId?: string | undefined;
  readonly type?: CredentialType | undefined;
  readonly isVerified?: boolean | undefined;
  readonly hasSecret?: boolean | undefined;
}

const columns = sql`${credentialColumns},
  (select count(*)::int from former_secrets f where f.credential_id = c.credential_id) as "formerSecrets"`;
const order = [sql`lower(s.name)`, sql`lower(c.account_name)`, sql`c.credential_id`];
const texts = [
  ...[sql`s.name`, sql`s.address`, sql`c.namespace`, sql`c.account_name`, sql`c.instance_name`, sql`c.comment`],
  sql`c.asset_tag`,
];

/** By system and account. `search` looks in names, addresses, namespaces, databases, comments and asset tags. */
export const listCredentials = (tx: Sql, query: CredentialListQuery): Promise<PageOf<ListedCredential>> => {
  const { search, systemId, setId, policyId, type, isVerified, hasSecret, cursor: _, limit: __ } = query;
  const conditions = [
    ...[found(search, ...texts), equals(sql`c.system_id`, systemId), equals(sql`c.policy_id`, policyId)],
    ...[equals(sql`c.type`, type), equals(sql`coalesce(c.is_verified, false)`, isVerified)],
    equals(sql`(c.secret_id is not null)`, hasSecret),
    setId === undefined ? sql`true` : sql`c.system_id in (select system_id from set_systems where set_id = ${setId})`,
  ];
  return readPage<ListedCredential>(
    tx,
    {
      ...{ columns, from: sql`credentials c join systems s using (system_id)`, where: all(conditions), order },
      scope: JSON.stringify(['credentials', search, systemId, setId, policyId, type, isVerified, hasSecret]),
    },
    query,
  );
};

export const findListedCredential = async (tx: Sql, credentialId: string): Promise<ListedCredential | null> => {
  const { rows } = await sql<ListedCredential>`
    select ${columns} from credentials c join systems s using (system_id)
    where c.credential_id = ${credentialId}`.execute(tx);
  return rows[0] ?? null;
};

export type SeenCredential = Credential & Omit<Rights, 'viewAccounts'>;

/** What an actor may see, with what it may do with each. */
export const listSeenBy = async (
  tx: Sql,
  actor: Actor,
  query: PageQuery & { readonly search?: string | undefined },
): Promise<PageOf<SeenCredential>> => {
  const global: GlobalRights = await globalRightsOf(tx, actor);
  return readPage<SeenCredential>(
    tx,
    {
      columns: sql`${credentialColumns}, r.view_passwords as "viewPasswords", r.request_passwords as "requestPasswords",
        r.grant_requests as "grantRequests", r.remote_sessions as "remoteSessions", r.spin`,
      from: sql`${rightsOn(actor, global)} r join credentials c on c.credential_id = r.credential_id
        join systems s using (system_id)`,
      where: sql`r.view_accounts and ${found(query.search, ...texts)}`,
      order,
      scope: JSON.stringify(['seen', actor.identity.identityId, query.search]),
    },
    query,
  );
};

const all = (conditions: readonly RawBuilder<unknown>[]) => sql.join([...conditions], sql` and `);
