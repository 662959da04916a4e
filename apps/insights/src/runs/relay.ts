import type { AnyConnector } from '@gatehouse/connector-kit';
import type { ConnectionId, TenantId } from '@gatehouse/kernel';
import type { Checked, KeptCaveat } from '../connections/index.ts';
import type { StoredRun } from './model.ts';

/** What a run lends to whoever reads for it. */
export interface Relayed {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly signal: AbortSignal;
  /** What the run waits for, in words; null: nothing. */
  wait(waiting: StoredRun['waiting']): void;
}

/** How a run reads a connection whose connector has an agent: what the agent sent, instead of the system. */
export type RunRelay = (
  connector: AnyConnector,
  run: Relayed,
) => {
  readonly connector: AnyConnector;
  /** Whether anything that arrived is not in the inventory yet. */
  hasWork(streams: readonly string[]): Promise<boolean>;
  /** How the connection is after the run, of which `caveats` are the streams' own: the agent knows, the run does not. */
  checked(caveats: readonly KeptCaveat[]): Promise<Checked>;
};
