import { Facts, formatTime, Section } from '@gatehouse/ui';
import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import type { FieldOfCase, WholeCase } from '../api/paths.ts';
import { useForm } from '../parts/use-form.ts';

/** The fields of the case's table: what is filled in, and a dialog for all of them. */
export function CaseFields({ one }: { one: WholeCase }) {
  const [isEditing, setEditing] = useState(false);
  const filled = one.fields.filter(({ value }) => value !== null && value.length > 0);
  return (
    <Section
      title="Fields"
      actions={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPencil size={14} />}
          onClick={() => setEditing(true)}
        >
          Edit fields
        </Button>
      }
    >
      {filled.length === 0 ? (
        <span>All of them are empty.</span>
      ) : (
        <Facts narrow facts={filled.map(({ name, value }) => ({ title: name, value: shownOf(textOf(value)) }))} />
      )}
      <Modal opened={isEditing} onClose={() => setEditing(false)} title={`Fields of ${one.number}`} size="lg">
        <FieldsForm one={one} onDone={() => setEditing(false)} />
      </Modal>
    </Section>
  );
}

const textOf = (value: FieldOfCase['value']): string =>
  value === null ? '' : typeof value === 'string' ? value : value.join('\n');

/** What programs write as a time is shown as one. */
const shownOf = (text: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) ? formatTime(new Date(text)) : text;

function FieldsForm({ one, onDone }: { one: WholeCase; onDone(): void }) {
  const [before] = useState(() => Object.fromEntries(one.fields.map(({ name, value }) => [name, textOf(value)])));
  const toValue = (name: string, text: string) => {
    const isMany = one.fields.some((field) => field.name === name && field.takesMany);
    const lines = text.split('\n').map((line) => line.trim());
    return isMany ? lines.filter((line) => line !== '') : text === '' ? null : text;
  };
  const form = useForm<Record<string, string>>({
    ...{ start: before, method: 'PATCH', path: `/api/cases/${one.id}`, refresh: ['/api/cases'], done: 'Fields saved.' },
    // What somebody else changed meanwhile stays, unless it was changed here, too.
    toBody: (values) => ({
      fields: Object.fromEntries(
        Object.entries(values)
          .filter(([name, text]) => text !== before[name])
          .map(([name, text]) => [name, toValue(name, text)]),
      ),
    }),
    onDone,
  });
  return (
    <form noValidate onSubmit={form.submit}>
      <Stack gap="sm">
        {one.fields.map(({ name, takesMany }) => (
          <Textarea
            key={name}
            label={name}
            autosize
            minRows={1}
            maxRows={8}
            description={takesMany ? 'One value a line.' : undefined}
            value={form.values[name] ?? ''}
            error={form.errors[`fields.${name}`]}
            onChange={(event) => form.set({ [name]: event.currentTarget.value })}
          />
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={form.isSaving}>
            Save fields
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
