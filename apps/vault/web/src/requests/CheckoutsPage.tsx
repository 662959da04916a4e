import { Page, useCrumbs } from '@gatehouse/ui';
import { CheckoutTable } from './CheckoutTable.tsx';

export function CheckoutsPage() {
  useCrumbs({ title: 'Check-outs' });
  return (
    <Page
      title="Check-outs"
      lead="Who has which password, and until when. At its end, or when an administrator forces it, it is checked in and changed."
    >
      <CheckoutTable />
    </Page>
  );
}
