import { Page, useCrumbs } from '@gatehouse/ui';
import { RightsTable } from './RightsTable.tsx';

/** Every delegation there is. */
export function RightsPage() {
  useCrumbs({ title: 'Account rights' });
  return (
    <Page
      title="Account rights"
      lead="What identities may do with a credential, or with every credential of a management set. Rights of roles and groups are those of whoever is in them."
    >
      <RightsTable />
    </Page>
  );
}
