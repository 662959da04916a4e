import type { Sql } from '@gatehouse/database';
import { audit, problems, type TenantGrant } from '@gatehouse/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { FindingChange } from '../api/findings.ts';
import { invalid } from '../problems.ts';
import { findRule } from '../rules/index.ts';

type Change = z.output<typeof FindingChange>;

/** All of them or none. What is resolved is so because a fact says it, so no person changes it. */
export const changeFindings = async (tx: Sql, grant: TenantGrant, change: Change, now: Date): Promise<void> => {
  const ids = [...new Set(change.findingIds)];
  if (change.status === 'accepted' && new Date(change.expiresAt) <= now) {
    throw invalid('expiresAt', 'Choose a time in the future: an acceptance ends.');
  }
  const { rows } = await sql<{ id: string; status: string; ruleId: string; label: string }>`
    select finding_id::text as id, status, rule_id as "ruleId", subject_label as label
    from findings where finding_id = any(${ids}::uuid[]) for update`.execute(tx);
  if (rows.length < ids.length) throw problems.notFound();
  if (rows.some(({ status }) => status === 'resolved')) {
    throw problems.conflict(
      'A resolved finding opens again by itself when its fact is true again; it cannot be changed by hand.',
    );
  }
  await store(tx, change, ids);
  await sql`insert into finding_notes (tenant_id, finding_id, noted_at, noted_by, text)
    select ${grant.tenantId}, one.id, ${now}, ${grant.principal.name}, one.text
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ status }) => textOf(status, change))}::text[])
      as one (id, text)`.execute(tx);
  const { findingIds: _, ...asked } = change;
  const targets = rows.slice(0, 10).map(({ ruleId, label }) => `${findRule(ruleId)?.title ?? ruleId}: ${label}`);
  await audit(tx, grant, {
    action: 'finding.change',
    target: targets.join('; ') + (rows.length > 10 ? ` and ${rows.length - 10} more` : ''),
    change: { ...asked, findingIds: ids },
  });
};

const store = async (tx: Sql, change: Change, ids: readonly string[]): Promise<void> => {
  if (change.status === 'accepted') {
    await sql`update findings set status = 'accepted', owner = ${change.owner}, accepted_reason = ${change.reason},
      accepted_until = ${change.expiresAt} where finding_id = any(${[...ids]}::uuid[])`.execute(tx);
    return;
  }
  await sql`update findings set status = ${change.status}, owner = null, accepted_reason = null, accepted_until = null
    where finding_id = any(${[...ids]}::uuid[])`.execute(tx);
};

const textOf = (before: string, change: Change): string => {
  if (change.status === 'accepted') {
    return `Accepted until ${change.expiresAt.slice(0, 10)}. Owner: ${change.owner}. Reason: ${change.reason}`;
  }
  const moved = before === change.status ? '' : `${words[before] ?? before} → ${words[change.status]}.`;
  return [moved, change.comment?.trim()].filter(Boolean).join(' ') || 'Looked at.';
};

const words: Readonly<Record<string, string>> = { new: 'New', in_progress: 'In progress', accepted: 'Accepted' };
