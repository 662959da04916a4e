import { Loaded, Page, Section, useApi, useCrumbs, usePerson } from '@gatehouse/ui';
import { Stack } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { paths } from '../api/paths.ts';
import type { SharedList } from '../api/types.ts';
import { useParam } from '../parts/address.ts';
import { Form } from '../parts/Form.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { Entries } from './Entries.tsx';
import { ListDelegations } from './ListDelegations.tsx';
import { listFields } from './ListsPage.tsx';

export function ListPage() {
  const id = useParam('id');
  const list = useApi(paths.list(id));
  useCrumbs({ title: 'Shared credential lists', href: '/lists' }, { title: list.data?.name ?? '…' });
  return (
    <Loaded query={list} rows={5} height={44}>
      {(found) => <Known key={id} list={found} />}
    </Loaded>
  );
}

function Known({ list }: { list: SharedList }) {
  const { history } = useRouter();
  const isAdministrator = usePerson().systemAdministrator;
  const { listId, name, comment } = list;
  return (
    <Page
      title={name}
      lead={comment || 'Shared credential list'}
      actions={
        isAdministrator ? (
          <RemoveButton
            path={`/api/lists/${listId}`}
            title={`Delete ${name}?`}
            action="Delete"
            done="List deleted."
            refresh={['/api/lists?']}
            onDone={() => history.push('/lists')}
          >
            Only a list without accounts can be deleted.
          </RemoveButton>
        ) : null
      }
    >
      <Stack gap="md">
        <Entries list={list} />
        {isAdministrator ? (
          <>
            <ListDelegations listId={listId} />
            <Section title="Settings">
              <Form
                fields={listFields}
                start={{ name, comment }}
                method="PATCH"
                path={`/api/lists/${listId}`}
                action="Save"
                done="List saved."
                refresh={['/api/lists']}
              />
            </Section>
          </>
        ) : null}
      </Stack>
    </Page>
  );
}
