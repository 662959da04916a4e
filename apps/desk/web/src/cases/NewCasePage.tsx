import { Page, Section, useCrumbs } from '@gatehouse/ui';
import { Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import type { WholeCase } from '../api/paths.ts';
import { useMe } from '../frame/use-me.ts';
import { PickPerson, PickTeam } from '../parts/PickField.tsx';
import { useForm } from '../parts/use-form.ts';
import { tableWords } from './words.tsx';

interface Entered {
  readonly table: string;
  readonly subject: string;
  readonly description: string;
  readonly requester: string | null;
  readonly assignee: string | null;
  readonly team: string | null;
}
const start: Entered = { table: 'support', subject: '', description: '', requester: null, assignee: null, team: null };

export function NewCasePage() {
  useCrumbs({ title: 'Cases', href: '/cases' }, { title: 'New case' });
  const { history } = useRouter();
  const me = useMe();
  const form = useForm<Entered, WholeCase>({
    ...{ start, method: 'POST', path: '/api/cases', refresh: ['/api/cases?'], toBody: (values) => values },
    onDone: ({ number }) => history.push(`/cases/${number}`),
  });
  const { values, errors, set } = form;
  return (
    <Page title="New case" lead="It gets its number when it is made.">
      <Section title="Case">
        <form noValidate onSubmit={form.submit}>
          <Stack gap="md" maw={760}>
            <Select
              label="Table"
              data={Object.entries(tableWords).map(([value, label]) => ({ value, label }))}
              allowDeselect={false}
              value={values.table}
              onChange={(table) => set({ table: table ?? 'support' })}
            />
            <TextInput
              label="Subject"
              withAsterisk
              maxLength={300}
              value={values.subject}
              error={errors.subject}
              onChange={(event) => set({ subject: event.currentTarget.value })}
            />
            <Textarea
              label="Description"
              autosize
              minRows={4}
              maxRows={20}
              value={values.description}
              error={errors.description}
              onChange={(event) => set({ description: event.currentTarget.value })}
            />
            {me?.isCustomer === false ? (
              <>
                <PickPerson
                  label="Requester"
                  description="Who asks for help."
                  none="Nobody yet"
                  name={undefined}
                  value={values.requester}
                  error={errors.requester}
                  onChange={(requester) => set({ requester })}
                />
                <PickPerson
                  label="Assignee"
                  none="Nobody yet"
                  assignable
                  name={undefined}
                  value={values.assignee}
                  error={errors.assignee}
                  onChange={(assignee) => set({ assignee })}
                />
                <PickTeam
                  label="Team"
                  none="No team"
                  name={undefined}
                  value={values.team}
                  error={errors.team}
                  onChange={(team) => set({ team })}
                />
              </>
            ) : null}
            <Group>
              <Button type="submit" loading={form.isSaving}>
                Make case
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
    </Page>
  );
}
