import { Notice, Problem, SchemaForm, Section, send, toast, toProblem, useRefresh } from '@gatehouse/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { defaultsOf } from '../../../src/api/shape.ts';
import type { Item } from '../api/paths.ts';
import { type PageKind, references, schemaOf } from './kinds.ts';
import { ReferenceField } from './ReferenceField.tsx';

interface ObjectFormProps {
  kind: PageKind;
  /** Absent: a new one. */
  item?: Item;
  onSaved(item: Item): void;
}

/** A new object, or a change of one that exists: only what was changed is sent. */
export function ObjectForm({ kind, item, onSaved }: ObjectFormProps) {
  const { shape, api, parts } = kind;
  const refresh = useRefresh();
  const schema = useMemo(() => schemaOf(shape), [shape]);
  const [start] = useState(() => item ?? { ...defaultsOf(shape), ...kind.start });
  const [values, setValues] = useState<Item>(start);
  const save = useMutation({
    mutationFn: (body: Item) =>
      item === undefined ? send<Item>('POST', api, body) : send<Item>('PATCH', `${api}/${String(item.id)}`, body),
    onSuccess: (saved) => {
      void refresh(api);
      toast.done(`${shape.one} saved.`);
      onSaved(saved);
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const fields = problem instanceof Problem ? problem.fields : {};
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(item === undefined ? given(values) : changed(start, values));
      }}
    >
      <Stack gap="md" maw={860}>
        {parts.map(([title, names]) => (
          <Section key={title} title={title}>
            <Stack gap="md">
              {names.map((name) =>
                references[name] === undefined ? (
                  <SchemaForm
                    key={name}
                    schema={schema}
                    only={[name]}
                    values={values}
                    errors={fields}
                    onChange={setValues}
                  />
                ) : (
                  <ReferenceField
                    key={name}
                    name={name}
                    schema={schema.properties?.[name] ?? {}}
                    required={shape.required.includes(name)}
                    value={values[name]}
                    error={fields[name]}
                    none={kind.none?.[name]}
                    onChange={(value) => setValues({ ...values, [name]: value })}
                  />
                ),
              )}
            </Stack>
          </Section>
        ))}
        {problem === null ? null : (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        )}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {item === undefined ? `Add ${shape.one}` : 'Save'}
          </Button>
          <Button variant="default" component="a" href={kind.page}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Without what was left empty, so that it gets what new objects have. */
const given = (values: Item): Item =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== undefined));

const changed = (before: Item, after: Item): Item =>
  Object.fromEntries(
    Object.entries(after)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]))
      // What had no value and was emptied again was not changed.
      .filter(([name, value]) => !(value === '' && before[name] === undefined))
      .map(([name, value]) => [name, value === undefined || (value === '' && before[name] === null) ? null : value]),
  );
