import { EmptyState, type FormValues, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { IconTemplate } from '@tabler/icons-react';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Job } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import type { FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { choicesOf, jobTitles, typeTitles } from '../parts/words.ts';
import { JobsTabs } from './JobsPage.tsx';
import { settingFields, toSettings } from './settings.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Job>[] = [
  { name: 'jobId', title: 'Template job id', type: 'number', sort: false, filter: false, width: 150 },
  {
    ...{ ...plain, name: 'templateFor', title: 'Credential type', width: 220 },
    cell: ({ templateFor }) => choicesOf(typeTitles).find(({ value }) => value === templateFor)?.label ?? '—',
  },
  { ...plain, name: 'kind', title: 'Kind', width: 170, cell: ({ kind }) => jobTitles[kind] },
  { ...plain, name: 'comment', title: 'Comment', width: 280 },
  { ...plain, name: 'createdBy', title: 'Made by', width: 160 },
  {
    ...{ ...plain, name: 'remove', title: '', width: 60 },
    cell: ({ jobId }) => (
      <RemoveButton
        isIcon
        path={`/api/jobs/${jobId}`}
        title={`Delete template ${jobId}?`}
        action="Delete template"
        done="Template deleted."
        refresh={['/api/jobs']}
      >
        Programs that name its number make no more jobs from it.
      </RemoveButton>
    ),
  },
];
const fields: readonly FieldSpec[] = [
  { name: 'templateFor', title: 'Credential type', kind: 'choice', choices: choicesOf(typeTitles), required: true },
  {
    ...{ name: 'comment', title: 'Comment', kind: 'area' },
    description: '<username> becomes the name of whoever a job is made for.',
  },
  ...settingFields,
];

/** By whose numbers programs have passwords of a type changed. */
export function TemplatesPage() {
  useCrumbs({ title: 'Jobs', href: '/jobs' }, { title: 'Templates' });
  const [isAdding, setAdding] = useState(false);
  const add = <AddButton onClick={() => setAdding(true)}>New template</AddButton>;
  return (
    <Page
      title="Templates"
      lead="A template says how passwords of one credential type are changed. An Endpoint Credential Manager names it by its number."
      actions={add}
    >
      <JobsTabs at="templates" />
      <ServerList<Job>
        id="templates"
        label="Templates"
        columns={columns}
        path={paths.jobs}
        fixed={{ templates: 'true' }}
        rowId={({ jobId }) => String(jobId)}
        empty={
          <EmptyState icon={<IconTemplate size={28} stroke={1.5} />} title="No template yet" actions={add}>
            Make one for each credential type that is to be spun after sessions, and enter its number in the settings of
            the Endpoint Credential Manager.
          </EmptyState>
        }
      />
      <FormDialog
        opened={isAdding}
        onClose={() => setAdding(false)}
        title="New template"
        fields={fields}
        start={{ templateFor: 'linux', ifCheckedOut: 'wait', attempts: 8, firstRetrySeconds: 30 }}
        method="POST"
        path="/api/jobs"
        action="Make template"
        done="Template made."
        refresh={['/api/jobs']}
        toBody={toTemplate}
      />
    </Page>
  );
}

const toTemplate = (values: FormValues): FormValues => ({
  ...toSettings(values),
  kind: values.templateFor === 'ssh_key' ? 'ssh_key_change' : 'password_change',
});
