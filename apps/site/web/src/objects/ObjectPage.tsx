import { ConfirmDialog, Loaded, Page, send, toast, useApi, useCrumbs, useRefresh } from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { fieldsWith } from '../../../src/api/shape.ts';
import { type Item, paths } from '../api/paths.ts';
import type { PageKind } from './kinds.ts';
import { ObjectForm } from './ObjectForm.tsx';
import { NothingYet, ObjectTable } from './ObjectTable.tsx';

/** Every object of one kind. */
export function ObjectsPage({ kind, empty }: { kind: PageKind; empty: string }) {
  useCrumbs({ title: kind.title ?? kind.shape.many });
  const add = (
    <Button component="a" href={`${kind.page}/new`} leftSection={<IconPlus size={16} />}>
      Add {kind.shape.one}
    </Button>
  );
  return (
    <Page title={kind.title ?? kind.shape.many} lead={kind.lead} actions={add}>
      <ObjectTable
        kind={kind}
        empty={
          <NothingYet kind={kind} add={add}>
            {empty}
          </NothingYet>
        }
      />
    </Page>
  );
}

interface ObjectPageProps {
  kind: PageKind;
  /** Asks again every so many milliseconds, where its state changes by itself. */
  every?: number;
  /** How it is, before what it is set to. */
  above?: (item: Item) => ReactNode;
  /** What belongs to it, once it is there. */
  below?: (id: string, item: Item) => ReactNode;
}

/** One object and its form; with the id `new` an empty one. */
export function ObjectPage({ kind, ...parts }: ObjectPageProps) {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  return id === 'new' ? <NewObject kind={kind} /> : <KnownObject key={id} {...{ kind, id, ...parts }} />;
}

function NewObject({ kind }: { kind: PageKind }) {
  const { history } = useRouter();
  const title = `Add ${kind.shape.one}`;
  useCrumbs({ title: kind.title ?? kind.shape.many, href: kind.page }, { title });
  return (
    <Page title={title}>
      <ObjectForm kind={kind} onSaved={(saved) => history.replace(`${kind.page}/${String(saved.id)}`)} />
    </Page>
  );
}

function KnownObject({ kind, id, every, above, below }: ObjectPageProps & { id: string }) {
  const item = useApi(paths.item(kind.api, id), every === undefined ? {} : { every });
  const name = String(item.data?.[kind.heading ?? kind.shape.label] ?? '');
  useCrumbs({ title: kind.title ?? kind.shape.many, href: kind.page }, { title: name || kind.shape.one });
  return (
    <Loaded query={item} rows={4} height={44}>
      {(found) => (
        <Page title={name} lead={kind.shape.one} actions={<Delete kind={kind} item={found} />}>
          {above?.(found)}
          <ObjectForm key={written(kind, found)} kind={kind} item={found} onSaved={() => undefined} />
          <Stack gap="md" maw={860}>
            {below?.(id, found)}
          </Stack>
        </Page>
      )}
    </Loaded>
  );
}

/** What of an object is entered: a form begins anew where somebody changed that, and not with its state. */
const written = ({ shape }: PageKind, item: Item): string => {
  const answered = fieldsWith(shape, 'readOnly');
  return JSON.stringify(Object.entries(item).filter(([name]) => !answered.includes(name)));
};

const everything = 'It is deleted with everything that belongs to it.';

type Removed = Pick<PageKind, 'shape' | 'api' | 'page' | 'removal' | 'heading'>;

export function Delete({ kind, item }: { kind: Removed; item: Item }) {
  const { verb = 'Delete', done = 'deleted', words = everything } = kind.removal ?? {};
  const { history } = useRouter();
  const refresh = useRefresh();
  const [isAsking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => send('DELETE', `${kind.api}/${String(item.id)}`),
    onSuccess: () => {
      history.replace(kind.page);
      void refresh(kind.api);
      toast.done(`${kind.shape.one} ${done}.`);
    },
    onError: (error) => {
      setAsking(false);
      toast.failed(error);
    },
  });
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
        {verb}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        title={`${verb} ${String(item[kind.heading ?? kind.shape.label] ?? '')}?`}
        action={`${verb} ${kind.shape.one}`}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        {words} This cannot be undone; who did it stays in the audit log.
      </ConfirmDialog>
    </>
  );
}
