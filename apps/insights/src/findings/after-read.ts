import type { Database, Sql } from '@gatehouse/database';
import type { Clock, TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { severities } from '../api/words.ts';
import { countInventory, recordDay } from '../dashboard/index.ts';
import { giveTime, type StreamCatalogue } from '../privilege/index.ts';
import { findRule, rules } from '../rules/index.ts';
import type { AfterRead } from '../runs/index.ts';
import { emitAll } from '../webhooks/index.ts';
import { endAcceptance, evaluate, type Turned } from './evaluate.ts';
import { readThresholds } from './thresholds.ts';

/** After correlation: rules, findings, webhooks about them, and the numbers of the dashboard. All of it or nothing. */
export const evaluating = (catalogue: StreamCatalogue): AfterRead => ({
  stage: 'evaluating',
  run: (database, tenantId, { signal, clock }) =>
    database.tenant(tenantId, async (tx) => {
      await giveTime(tx);
      const thresholds = await readThresholds(tx, clock.now());
      const { opened, resolved } = await evaluate(tx, { tenantId, rules, catalogue, thresholds, signal });
      await tell(tx, tenantId, 'finding.opened', opened);
      await tell(tx, tenantId, 'finding.resolved', resolved);
      await countInventory(tx, tenantId, thresholds);
      await recordDay(tx, tenantId, thresholds.now);
    }),
});

const tell = (tx: Sql, tenantId: TenantId, event: 'finding.opened' | 'finding.resolved', findings: readonly Turned[]) =>
  emitAll(
    tx,
    tenantId,
    event,
    findings.map(({ findingId, ruleId, severity, label, connectionId }) => ({
      severity: severities[severity] ?? 'low',
      findingId,
      ruleId,
      title: findRule(ruleId)?.title ?? ruleId,
      subject: label,
      connectionId,
    })),
  );

/** Ends acceptances whose time has come, in every tenant, so that this waits for no read. Run it every hour or so. */
export const endAcceptances = async (database: Database, clock: Clock, signal: AbortSignal): Promise<void> => {
  const now = clock.now();
  const due = await database.system(async (tx) => {
    const { rows } = await sql<{ tenantId: TenantId }>`
      select distinct tenant_id as "tenantId" from findings where status = 'accepted' and accepted_until <= ${now}`.execute(
      tx,
    );
    return rows.map(({ tenantId }) => tenantId);
  });
  for (const tenantId of due) {
    if (signal.aborted) return;
    await database.tenant(tenantId, async (tx) => {
      await endAcceptance(tx, tenantId, now);
      await recordDay(tx, tenantId, now);
    });
  }
};
