import type { z } from 'zod';
import type * as audit from '../../../src/api/audit.ts';
import type * as collectors from '../../../src/api/collectors.ts';
import type * as connections from '../../../src/api/connections.ts';
import type * as findings from '../../../src/api/findings.ts';
import type * as identities from '../../../src/api/identities.ts';
import type * as inventory from '../../../src/api/inventory.ts';
import type * as tenants from '../../../src/api/tenants.ts';
import type * as webhooks from '../../../src/api/webhooks.ts';

/** What the API takes and answers. Types only: none of the server's code is in the pages. */
export type Session = z.output<typeof tenants.Session>;
export type Tenant = z.output<typeof tenants.Tenant>;
export type TenantSettings = z.output<typeof tenants.TenantSettings>;
export type TenantPerson = z.output<typeof tenants.TenantPerson>;
export type Invitation = z.output<typeof tenants.Invitation>;
export type AuditEntry = z.output<typeof audit.AuditEntry>;
export type Apps = z.output<typeof tenants.Apps>;

export type AvailableConnector = z.output<typeof connections.AvailableConnector>;
export type Connection = z.output<typeof connections.Connection>;
export type NewConnection = z.output<typeof connections.NewConnection>;
export type Installation = z.output<typeof collectors.Installation>;
export type Collector = z.output<typeof collectors.Collector>;
export type ConnectionDetail = z.output<typeof connections.ConnectionDetail>;
export type TestResult = z.output<typeof connections.TestResult>;
export type FaultWords = z.output<typeof connections.FaultWords>;
export type Run = z.output<typeof connections.Run>;
export type Activity = z.output<typeof connections.Activity>;
export type Egress = z.output<typeof connections.Egress>;

export type InventoryKind = z.output<typeof inventory.InventoryKind>;
export type InventoryRecord = z.output<typeof inventory.InventoryRecord>;
export type RecordDetail = z.output<typeof inventory.RecordDetail>;
export type GrantPath = z.output<typeof inventory.GrantPath>;
export type RecordLink = z.output<typeof inventory.Link>;
export type RelatedItem = z.output<typeof inventory.RelatedItem>;
export type RecordChange = z.output<typeof inventory.Change>;

export type IdentityDetail = z.output<typeof identities.IdentityDetail>;
export type IdentityLink = z.output<typeof identities.IdentityLink>;
export type IdentityChange = z.output<typeof identities.IdentityChange>;
export type Decision = z.output<typeof identities.Decision>;

export type Recommendation = z.output<typeof findings.Recommendation>;
export type Finding = z.output<typeof findings.Finding>;
export type FindingDetail = z.output<typeof findings.FindingDetail>;
export type FindingChange = z.input<typeof findings.FindingChange>;
export type Dashboard = z.output<typeof findings.Dashboard>;

export type Webhook = z.output<typeof webhooks.Webhook>;
export type WebhookInput = z.input<typeof webhooks.WebhookInput>;
export type WebhookCreated = z.output<typeof webhooks.WebhookCreated>;
export type Delivery = z.output<typeof webhooks.Delivery>;

export interface List<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: { readonly value: number; readonly exact: boolean };
}
