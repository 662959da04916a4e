import type { Database } from '@gatehouse/database';
import type { Clock, RunId, TenantId } from '@gatehouse/kernel';

/**
 * What happens to a tenant's inventory after a connection was read: identities first, then privilege and rules. One run
 * of a tenant is at these steps at a time. Repeating is harmless. `runId` is null after a connection was deleted.
 */
export interface AfterRead {
  readonly stage: 'correlating' | 'evaluating';
  run(database: Database, tenantId: TenantId, context: AfterReadContext): Promise<void>;
}

export interface AfterReadContext {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly runId: RunId | null;
}
