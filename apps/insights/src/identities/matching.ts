import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { RE2JS } from 're2js';
import { z } from 'zod';
import type { Matching } from './rules/rule.ts';

const Stored = z.object({
  adminAccountPattern: z.string().nullable().catch(null),
  stripLeadingZeros: z.boolean().catch(false),
});

/** What the tenant of the transaction says about itself. */
export const readMatching = async (tx: Sql): Promise<Matching> => {
  const { rows } = await sql<{ domains: string[]; settings: unknown }>`
    select owned_domains as domains, settings from tenants`.execute(tx);
  const [tenant] = rows;
  const { adminAccountPattern, stripLeadingZeros } = Stored.parse(tenant?.settings ?? {});
  return {
    ownedDomains: new Set((tenant?.domains ?? []).map((domain) => domain.toLowerCase())),
    stripLeadingZeros,
    adminBase: toAdminBase(adminAccountPattern),
  };
};

/** The pattern was written by a person of the tenant, so it runs in linear time and over short texts only. */
export const toAdminBase = (pattern: string | null): Matching['adminBase'] => {
  const compiled = compile(pattern);
  if (compiled === null) return () => null;
  return (login) => {
    if (login.length > 200) return null;
    const matcher = compiled.matcher(login);
    if (!matcher.find()) return null;
    const base = matcher.group('base');
    return base === null || base === '' || base === login ? null : base.toLowerCase();
  };
};

const compile = (pattern: string | null): RE2JS | null => {
  if (pattern === null || pattern === '') return null;
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return Object.hasOwn(compiled.namedGroups(), 'base') ? compiled : null;
  } catch {
    // The settings page refuses what does not compile; a pattern of an older build that slipped through is off.
    return null;
  }
};
