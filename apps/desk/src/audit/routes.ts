import type { App, AuditRow } from '@gatehouse/server';
import { sql } from 'kysely';
import { AuditEntry } from '../api/audit.ts';
import { list, SearchQuery } from '../api/words.ts';
import { found, readPage } from '../paging.ts';
import type { DeskParts } from '../parts.ts';

/** Who changed what, in the whole program: for its system administrators. */
export const serveAudit = (app: App, { database }: DeskParts): void => {
  app.get(
    '/api/audit',
    {
      config: { access: 'system-administrator' },
      schema: {
        ...{ summary: 'Who did what, newest first', tags: ['audit'], querystring: SearchQuery },
        response: { 200: list(AuditEntry) },
      },
    },
    async ({ query }) => {
      const page = await database.read((tx) =>
        readPage<AuditRow>(
          tx,
          {
            columns: sql`r.audit_id as id, r.at, r.actor_name as actor, r.action, r.target,
              r.correlation_id as "correlationId", r.change`,
            ...{ from: sql`system_audit r`, scope: ['audit', query.search], newestFirst: true },
            where: found(query.search, sql`r.actor_name`, sql`r.action`, sql`r.target`, sql`r.correlation_id`),
            order: [{ column: sql`r.audit_id`, type: 'uuid' }],
          },
          query,
        ),
      );
      return { ...page, items: page.items.map((entry) => ({ ...entry, at: entry.at.toISOString() })) };
    },
  );
};
