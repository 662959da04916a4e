import { pages } from '../../../src/api/pages.ts';
import type { RecordLink } from '../api/types.ts';

/** Where a link of the API leads. */
export const linkHref = (tenantId: string, { kind, connection, stream, id }: RecordLink): string =>
  kind === 'identity' || kind === 'identities'
    ? pages.identity(tenantId, id)
    : pages.record(tenantId, { kind, connection, stream, id });
