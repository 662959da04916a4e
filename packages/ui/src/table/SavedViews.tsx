import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { toast } from '../toast.tsx';
import { emptyView, parseView, type TableView, viewQuery } from './column.ts';
import { useRemembered } from './remembered.ts';

export interface NamedView {
  readonly name: string;
  /** The query of the address bar. */
  readonly query: string;
}

interface SavedViewsProps {
  /** Which table: views are kept per table in this browser. */
  id: string;
  /** Views every person is offered. */
  presets: readonly NamedView[];
  view: TableView;
  onView(view: TableView): void;
}

/** Names for what the address bar says. Whoever gets the address sees the same view. */
export function SavedViews({ id, presets, view, onView }: SavedViewsProps) {
  const [views, setViews] = useRemembered(`views.${id}`, parseViews);
  const [isNaming, setNaming] = useState(false);
  const current = viewQuery(view).toString();
  const open = (query: string) => onView({ ...parseView(new URLSearchParams(query)), cursor: null });
  const remove = (name: string) => {
    setViews(views.filter((one) => one.name !== name));
    toast.done(`View “${name}” removed.`, () => setViews(views));
  };
  return (
    <>
      <Menu width={270}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} />}>
            Views
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onView(emptyView)} disabled={current === ''}>
            Everything
          </Menu.Item>
          {presets.map(({ name, query }) => (
            <Menu.Item key={name} onClick={() => open(query)} fw={query === current ? 600 : undefined}>
              {name}
            </Menu.Item>
          ))}
          {views.length > 0 ? <Menu.Label>Yours, in this browser</Menu.Label> : null}
          {views.map(({ name, query }) => (
            <Group key={name} gap={0} wrap="nowrap">
              <Menu.Item flex={1} onClick={() => open(query)} fw={query === current ? 600 : undefined}>
                <Text truncate size="sm" title={name}>
                  {name}
                </Text>
              </Menu.Item>
              <ActionIcon onClick={() => remove(name)} aria-label={`Remove the view ${name}`}>
                <IconTrash size={15} />
              </ActionIcon>
            </Group>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setNaming(true)} disabled={current === ''}>
            Save this view…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={isNaming} onClose={() => setNaming(false)} title="Save this view" size="sm">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
            if (name === '') return;
            setViews([...views.filter((one) => one.name !== name), { name, query: current }].slice(-50));
            setNaming(false);
            toast.done(`View “${name}” saved in this browser.`);
          }}
        >
          <Stack gap="sm">
            <TextInput name="name" label="Name of this view" maxLength={80} data-autofocus required />
            <Group justify="flex-end">
              <Button type="submit">Save view</Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

const parseViews = (stored: unknown): readonly NamedView[] =>
  Array.isArray(stored)
    ? stored.filter((one): one is NamedView => typeof one?.name === 'string' && typeof one?.query === 'string')
    : [];
