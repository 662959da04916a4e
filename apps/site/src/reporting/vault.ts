import { createHash } from 'node:crypto';
import type { Database } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { BadParameters, element, writeElement } from '../xml-api/index.ts';
import { type Span, spanFields, spanOf } from './choice.ts';
import { timestamp } from './elements.ts';
import { inPages, isIn, type Place, placeOf } from './pages.ts';
import { defineReport } from './report.ts';
import type { Report as Rows } from './stream.ts';

const nothing = 'No Vault report information matching your chosen criteria is available.';

/** What the site itself knows of credentials: who had which in a session, and when it was given back. */
export const vaultAccountActivity = defineReport({
  ...{ name: 'VaultAccountActivity', needs: 'reportingVault', parameters: z.object(spanFields) },
  run: async ({ parameters, database }): Promise<Rows> => {
    const span = spanOf(parameters);
    if (span === null) throw new BadParameters('Name start_date or start_time with a duration.');
    return { root: 'vault_account_activity_list', rows: activity(database, span), nothing };
  },
});

async function* activity(database: Database, span: Span): AsyncGenerator<string> {
  for await (const page of leases(database, span))
    yield page
      .flatMap((lease) => typesOf(lease).map((type) => `${writeElement(activityElement(lease, type))}\n`))
      .join('');
}

interface Lease {
  readonly at: Date;
  readonly action: string;
  readonly session: string;
  readonly credential: string;
  readonly userId: number;
  readonly person: string;
}

/** A credential that is handed to a session is checked out for it, and used at once. */
const typesOf = ({ action }: Lease): readonly string[] =>
  action === 'credential.retrieve' ? ['Credentials Checked Out', 'Credentials Used'] : ['Credentials Checked In'];

/** Programs read accounts by number: that of the vault where it has some, else one made of the name, always the same. */
export const numberOf = (credential: string): number =>
  /^[1-9]\d{0,8}$/.test(credential)
    ? Number(credential)
    : 1 + (createHash('sha256').update(credential).digest().readUInt32BE() % 2_147_483_646);

const activityElement = ({ at, credential, session, userId, person }: Lease, type: string) =>
  element(
    'vault_account_activity',
    [element('performed_by', person, { id: userId, type: 'User' }), element('data', session.replaceAll('-', ''))],
    { ...timestamp(at), account: numberOf(credential), account_name: credential, event_type: type },
  );

const pageSize = 500;

/** What was asked for a lease says whose it is: an ECM alone says that it is over. */
const leases = (database: Database, span: Span): AsyncGenerator<readonly Lease[]> =>
  inPages(pageSize, (after, limit) =>
    database.read(async (tx) => {
      const isHere = isIn({ at: sql`a.at`, seq: sql`a.audit_id`, type: 'uuid' }, span, after);
      const { rows } = await sql<Lease & { place: Place }>`
        select a.at, a.action, coalesce(a.change ->> 'session', '') as session, coalesce(q.credential, '') as credential,
          coalesce(u.id, 0) as "userId", coalesce(q.actor_name, a.actor_name) as person,
          ${placeOf(sql`a.at`, sql`a.audit_id`)} as place
        from system_audit a
        left join lateral (
          select l.change ->> 'credential' as credential, l.actor_id, l.actor_name from system_audit l
          where l.action = 'credential.retrieve' and l.change ->> 'lease' = a.change ->> 'lease'
            and l.change ->> 'outcome' = 'asked' limit 1) q on true
        left join users u on u.person_id = q.actor_id
        where a.action in ('credential.retrieve', 'credential.released') and ${isHere}
          and (a.action = 'credential.released' or a.change ->> 'outcome' = 'handed')
        order by a.at, a.audit_id limit ${limit}`.execute(tx);
      return rows;
    }),
  );
