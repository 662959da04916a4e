import { Page, Tabs, useCrumbs } from '@gatehouse/ui';
import { AddButton } from '../parts/AddButton.tsx';
import { JobTable } from './JobTable.tsx';

export function JobsTabs({ at }: { at: 'jobs' | 'templates' }) {
  return (
    <Tabs
      label="Jobs"
      tabs={[
        { title: 'Jobs', href: '/jobs', isCurrent: at === 'jobs' },
        { title: 'Templates', href: '/jobs/templates', isCurrent: at === 'templates' },
      ]}
    />
  );
}

export function JobsPage() {
  useCrumbs({ title: 'Jobs' });
  return (
    <Page
      title="Jobs"
      lead="Each password is written down before it is changed, and verified by signing in with it afterwards."
      actions={<AddButton href="/jobs/new">New job</AddButton>}
    >
      <JobsTabs at="jobs" />
      <JobTable />
    </Page>
  );
}
