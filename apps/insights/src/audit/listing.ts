import { auditActions } from '../api/audit.ts';
import type { ListColumn, Listing } from '../inventory/index.ts';

const column = (of: Pick<ListColumn, 'name' | 'title' | 'at'> & Partial<ListColumn>): ListColumn => ({
  ...{ type: 'text', stored: 'text', values: null, search: false, sort: false, shown: true },
  // Texts are compared without regard to case first, as in every list.
  sortAt: `left(lower(${of.at}), 200)`,
  ...of,
});

/** The audit as a list, so that it is searched, filtered and exported as every other list is. */
export const auditListing: Listing = {
  kind: 'audit',
  title: 'Audit log',
  one: 'Entry',
  from: 'audit',
  tie: { at: 'r.audit_id', type: 'uuid' },
  columns: [
    column({ name: 'at', title: 'When', type: 'time', stored: 'timestamptz', at: 'r.at' }),
    column({ name: 'actor', title: 'Who', at: 'r.actor_name', search: true }),
    column({ name: 'action', title: 'What', at: 'r.action', search: true, values: Object.keys(auditActions) }),
    column({ name: 'target', title: 'On', at: 'r.target', search: true }),
    column({ name: 'change', title: 'Change', type: 'json', stored: 'jsonb', at: 'r.change' }),
    column({ name: 'correlationId', title: 'Correlation id', at: 'r.correlation_id', shown: false }),
  ],
  isRecord: false,
  derivedWhen: null,
};
