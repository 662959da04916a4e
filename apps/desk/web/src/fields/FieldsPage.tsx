import { EmptyState, Page, Section, type TableColumn, Tag, useCrumbs } from '@gatehouse/ui';
import { Button, Group, Select, TextInput } from '@mantine/core';
import { type CaseField, type CaseTable, paths } from '../api/paths.ts';
import { tableWords } from '../cases/words.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { type Choice, ServerList } from '../parts/ServerList.tsx';
import { useForm } from '../parts/use-form.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
const refresh = ['/api/case-fields', '/api/cases'];
const tableChoices = Object.entries(tableWords).map(([value, label]) => ({ value, label }));
const tables: Choice = { name: 'table', title: 'Table', values: tableChoices };
const columns: readonly TableColumn<CaseField>[] = [
  { ...plain, name: 'name', title: 'Field', width: 280 },
  { ...plain, name: 'table', title: 'Table', width: 170, cell: ({ table }) => tableWords[table] },
  {
    ...{ ...plain, name: 'takesMany', title: 'Takes', width: 150 },
    cell: ({ takesMany }) => (takesMany ? 'Several values' : 'One text'),
  },
  {
    ...{ ...plain, name: 'isOfSessions', title: 'For', width: 160 },
    cell: ({ isOfSessions }) =>
      isOfSessions ? <Tag tone="low">Support sessions</Tag> : <Tag tone="quiet">Your desk</Tag>,
  },
  {
    ...{ ...plain, name: 'remove', title: '', width: 60 },
    cell: ({ id, name, table, isOfSessions }) =>
      isOfSessions ? null : (
        <RemoveButton
          isIcon
          path={`/api/case-fields/${id}`}
          title={`Delete ${name} of ${tableWords[table]}?`}
          action="Delete"
          done="Field deleted."
          refresh={refresh}
        >
          What it holds on every case is deleted with it.
        </RemoveButton>
      ),
  },
];
const start: { readonly table: CaseTable; readonly name: string } = { table: 'support', name: '' };

/** What cases have beside their subject, table by table. */
export function FieldsPage() {
  useCrumbs({ title: 'Fields' });
  const form = useForm<{ readonly table: string; readonly name: string }>({
    ...{ start, method: 'POST', path: '/api/case-fields', refresh, done: 'Field added.' },
    toBody: (values) => values,
    isRepeated: true,
  });
  return (
    <Page
      title="Fields"
      lead="What cases have beside their subject. Those that support sessions write to are there from the beginning."
    >
      <Section title="Add a field">
        <form noValidate onSubmit={form.submit}>
          <Group align="flex-start">
            <Select
              label="Table"
              data={tableChoices}
              allowDeselect={false}
              value={form.values.table}
              onChange={(table) => form.set({ table: table ?? 'support' })}
            />
            <TextInput
              label="Name"
              maxLength={100}
              value={form.values.name}
              error={form.errors.name}
              onChange={(event) => form.set({ name: event.currentTarget.value })}
            />
            <Button type="submit" mt={25} loading={form.isSaving} disabled={form.values.name.trim() === ''}>
              Add field
            </Button>
          </Group>
        </form>
      </Section>
      <ServerList<CaseField>
        id="fields"
        label="Fields"
        columns={columns}
        path={paths.caseFields}
        choices={[tables]}
        rowId={({ id }) => id}
        empty={<EmptyState title="No field" />}
      />
    </Page>
  );
}
