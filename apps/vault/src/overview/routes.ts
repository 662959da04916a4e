import type { App } from '@gatehouse/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import { My, Overview } from '../api/overview.ts';
import { findIdentityOfPerson } from '../identities/index.ts';
import type { VaultParts } from '../parts.ts';

const tags = ['overview'];

/** What the first page shows: who looks at it, and how the vault stands. */
export const serveOverview = (app: App, { database, clock, reveal }: VaultParts): void => {
  app.get(
    '/api/my',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'The identity that is linked with you', tags, response: { 200: My } },
    },
    async ({ principal }) => {
      if (principal.kind !== 'person') return { identity: null, reveal };
      const found = await database.system((tx) => findIdentityOfPerson(tx, principal.personId));
      const identity = found?.enabled ? found : null;
      return {
        identity: identity && { identityId: identity.identityId, name: identity.name, kind: identity.kind },
        reveal,
      };
    },
  );
  app.get(
    '/api/overview',
    {
      config: { access: 'system-administrator' },
      schema: { summary: 'How many of everything there are', tags, response: { 200: Overview } },
    },
    () =>
      database.system(async (tx) => {
        const { rows } = await sql<z.output<typeof Overview>>`
          select (select count(*)::int from systems) as systems, count(*)::int as credentials,
            count(*) filter (where is_verified = false)::int as failing,
            count(*) filter (where secret_id is null)::int as "withoutSecret",
            (select count(*)::int from jobs where not is_template and state in ('waiting', 'running')) as "jobsRunning",
            (select count(*)::int from jobs where not is_template and state in ('failed', 'partial')) as "jobsFailed",
            (select count(*)::int from checkouts where checked_in_at is null) as checkouts,
            (select count(*)::int from password_requests where state = 'pending' and expires_at > ${clock.now()}) as requests,
            (select coalesce(max(seq), 0)::int from vault_audit) as "auditEntries"
          from credentials`.execute(tx);
        const [overview] = rows;
        if (overview === undefined) throw new Error('A count has one row.');
        return overview;
      }),
  );
};
