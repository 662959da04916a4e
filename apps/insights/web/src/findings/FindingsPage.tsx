import { Page, useCrumbs } from '@gatehouse/ui';
import { pages } from '../../../src/api/pages.ts';
import { useTenantId } from '../address.ts';
import { FindingsTable } from './FindingsTable.tsx';

/** Every finding of the tenant. */
export function FindingsPage() {
  const tenantId = useTenantId();
  useCrumbs({ title: 'Findings' });
  return (
    <Page
      title="Findings"
      lead={
        <>
          Severity says how bad it is, sensitivity how much the one it is about may do. By rule:{' '}
          <a href={pages.recommendations(tenantId)}>Recommendations</a>
        </>
      }
    >
      <FindingsTable tenantId={tenantId} />
    </Page>
  );
}
