import { EmptyState, Loaded, Page, useApi, useCrumbs, usePerson } from '@gatehouse/ui';
import { Anchor, Stack } from '@mantine/core';
import { IconUserQuestion } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';
import { Approvals } from './Approvals.tsx';
import { MyAccounts } from './MyAccounts.tsx';
import { MyCheckouts } from './MyCheckouts.tsx';
import { MyEntries } from './MyEntries.tsx';
import { Tiles } from './Tiles.tsx';

/** What there is to do: for a person with an identity, and for administrators. */
export function HomePage() {
  useCrumbs({ title: 'Home' });
  const { name } = usePerson();
  const isAdministrator = usePerson().systemAdministrator;
  const my = useApi(paths.my);
  return (
    <Page
      title={`Hello ${name}`}
      lead={
        my.data?.identity
          ? `In the vault you are ${my.data.identity.name}.`
          : 'The vault keeps, changes and verifies passwords.'
      }
    >
      {isAdministrator ? <Tiles /> : null}
      <Loaded query={my} rows={4}>
        {({ identity, reveal }) =>
          identity === null ? (
            <Nobody isAdministrator={isAdministrator} />
          ) : (
            <Stack gap="md">
              <Approvals />
              <MyCheckouts reveal={reveal} />
              <MyAccounts />
              <MyEntries />
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function Nobody({ isAdministrator }: { isAdministrator: boolean }) {
  return (
    <EmptyState icon={<IconUserQuestion size={28} stroke={1.5} />} title="No identity is linked with you">
      {isAdministrator ? (
        <>
          You administer the vault. To use passwords or to approve requests yourself, link an{' '}
          <Anchor href="/identities">identity</Anchor> with your person.
        </>
      ) : (
        'Ask an administrator of the vault to link an identity with you. Your accounts show here then.'
      )}
    </EmptyState>
  );
}
