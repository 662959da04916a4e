import { Loaded, Section, send, toast, toProblem, useApi, useRefresh, useSend, wordsOf } from '@gatehouse/ui';
import { ActionIcon, Button, Group, NativeSelect, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Item, paths } from '../api/paths.ts';
import { references } from '../objects/kinds.ts';
import { Named } from '../objects/ObjectTable.tsx';
import { ReferenceField } from '../objects/ReferenceField.tsx';

interface LinksProps {
  title: string;
  lead: string;
  /** Where the links of this object are. */
  api: string;
  /** The field by which one link is told from another. */
  itemKey: string;
  /** Fields of a link, the needed one first, and what they are called; one with values is chosen, and changed in its row. */
  fields: readonly (readonly [name: string, title: string, values?: readonly string[]])[];
  /** Sent with every new one. */
  fixed?: Item;
  empty: string;
}

/** Links of an object to others: shown, added and taken away. */
export function Links({ title, lead, api, itemKey, fields, fixed = {}, empty }: LinksProps) {
  const refresh = useRefresh();
  const links = useApi(paths.list(api, { limit: '500' }));
  const [values, setValues] = useState<Item>({});
  const add = useMutation({
    mutationFn: () =>
      send('POST', api, {
        ...fixed,
        ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)),
      }),
    onSuccess: () => {
      void refresh(api);
      setValues({});
    },
  });
  const remove = useMutation({
    mutationFn: (link: Item) => send('DELETE', `${api}/${String(link[itemKey])}`),
    onSuccess: () => void refresh(api),
    onError: toast.failed,
  });
  const change = useSend({ refresh: [api], done: 'Saved.' });
  const [needed = ''] = fields[0] ?? [];
  const problem = add.error === null ? null : toProblem(add.error);
  return (
    <Section title={title} lead={lead}>
      <Loaded query={links} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed" size="sm">
              {empty}
            </Text>
          ) : (
            <div style={{ overflowX: 'auto' }}>
              <Table fz="sm" aria-label={title} verticalSpacing={8}>
                <Table.Thead>
                  <Table.Tr>
                    {fields.map(([name, words]) => (
                      <Table.Th key={name}>{words}</Table.Th>
                    ))}
                    <Table.Th>
                      <VisuallyHidden>Actions</VisuallyHidden>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((link) => (
                    <Table.Tr key={String(link[itemKey])}>
                      {fields.map(([name, words, choices]) => (
                        <Table.Td key={name}>
                          {choices !== undefined ? (
                            <NativeSelect
                              size="xs"
                              aria-label={`${words} of ${String(link[needed])}`}
                              data={choices.map((value) => ({ value, label: wordsOf(value) }))}
                              value={String(link[name] ?? '')}
                              disabled={change.isPending}
                              onChange={(event) =>
                                change.mutate({
                                  ...{ method: 'PATCH', path: `${api}/${String(link[itemKey])}` },
                                  body: { [name]: event.currentTarget.value },
                                })
                              }
                            />
                          ) : link[name] ? (
                            <Named name={name} id={link[name]} />
                          ) : (
                            (references[name]?.none ?? '')
                          )}
                        </Table.Td>
                      ))}
                      <Table.Td ta="right">
                        <ActionIcon
                          aria-label={`Remove ${String(link[needed])} from ${title}`}
                          onClick={() => remove.mutate(link)}
                        >
                          <IconTrash size={16} />
                        </ActionIcon>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )
        }
      </Loaded>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Group align="flex-end" mt="md" gap="sm">
          {fields.map(([name, words, choices]) =>
            choices === undefined ? (
              <ReferenceField
                key={name}
                name={name}
                schema={{ title: words }}
                required={name === needed}
                value={values[name]}
                onChange={(value) => setValues({ ...values, [name]: value })}
              />
            ) : (
              <NativeSelect
                key={name}
                label={words}
                data={choices.map((value) => ({ value, label: wordsOf(value) }))}
                value={String(values[name] ?? choices[0])}
                onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
              />
            ),
          )}
          <Button type="submit" variant="default" loading={add.isPending} disabled={typeof values[needed] !== 'number'}>
            Add
          </Button>
        </Group>
        {problem === null ? null : (
          <Text c="var(--mantine-color-error)" size="sm" mt="xs" role="alert">
            {problem.message}
          </Text>
        )}
      </form>
    </Section>
  );
}
