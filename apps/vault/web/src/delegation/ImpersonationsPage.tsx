import { Page, useCrumbs } from '@gatehouse/ui';
import { ImpersonationTable } from './ImpersonationTable.tsx';

export function ImpersonationsPage() {
  useCrumbs({ title: 'Impersonation mappings' });
  return (
    <Page
      title="Web Application Identity Impersonation Mappings"
      lead="Which identities may act in the name of others. The audit names both."
    >
      <ImpersonationTable />
    </Page>
  );
}
