import { EmptyState, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { Anchor, Button, Checkbox, Group } from '@mantine/core';
import { IconShieldCog } from '@tabler/icons-react';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Permission } from '../api/types.ts';
import { PickField } from '../parts/PickField.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';

type Flag = 'logIn' | 'allAccess' | 'ignorePasswordCheckout' | 'globalApprover';
const titles: Readonly<Record<Flag, string>> = {
  logIn: 'Log in',
  allAccess: 'All Access',
  ignorePasswordCheckout: 'Ignore Password Checkout',
  globalApprover: 'Global approver',
};
const flags = Object.keys(titles) as readonly Flag[];
const refresh = ['/api/permissions'];
const plain = { type: 'text', sort: false, filter: false } as const;

/** What identities may do everywhere. */
export function PermissionsPage() {
  useCrumbs({ title: 'Global permissions' });
  const put = useSend({ refresh });
  const [chosen, setChosen] = useState<string | null>(null);
  const change = (row: Permission, flag: Flag, isGiven: boolean) => {
    const next: Permission = { ...row, [flag]: isGiven };
    const { logIn, allAccess, ignorePasswordCheckout, globalApprover } = next;
    put.mutate({
      ...{ method: 'PUT', path: `/api/permissions/${row.identityId}` },
      // It goes with All Access, so it ends with it.
      body: { logIn, allAccess, ignorePasswordCheckout: allAccess && ignorePasswordCheckout, globalApprover },
    });
  };
  const columns: readonly TableColumn<Permission>[] = [
    {
      ...{ ...plain, name: 'name', title: 'Identity', width: 220 },
      cell: ({ identityId, name }) => (
        <Anchor fz="sm" href={`/identities/${identityId}`}>
          {name}
        </Anchor>
      ),
    },
    ...flags.map(
      (flag): TableColumn<Permission> => ({
        ...{ ...plain, name: flag, title: titles[flag], width: flag === 'ignorePasswordCheckout' ? 200 : 140 },
        cell: (row) => (
          <Checkbox
            size="xs"
            aria-label={`${titles[flag]}: ${row.name}`}
            checked={row[flag]}
            disabled={put.isPending || (flag === 'ignorePasswordCheckout' && !row.allAccess)}
            onChange={(event) => change(row, flag, event.currentTarget.checked)}
          />
        ),
      }),
    ),
    {
      ...{ ...plain, name: 'remove', title: '', width: 60 },
      cell: ({ identityId, name }) => (
        <RemoveButton
          isIcon
          path={`/api/permissions/${identityId}`}
          title={`Take the global permissions of ${name} away?`}
          action="Take permissions away"
          done="Global permissions taken away."
          refresh={refresh}
        >
          Its rights on single credentials and sets stay.
        </RemoveButton>
      ),
    },
  ];
  return (
    <Page
      title="Web Application Global Delegation Permissions"
      lead="All Access allows everything with every credential but Spin, which is a right of its own under Account rights. Ignore Password Checkout retrieves through the web services what somebody else has checked out. A global approver grants requests for every credential."
    >
      <Group align="flex-end">
        <PickField of="identities" label="Identity" value={chosen} onChange={setChosen} />
        <Button
          variant="default"
          disabled={chosen === null}
          loading={put.isPending}
          onClick={() =>
            put.mutate(
              {
                ...{ method: 'PUT', path: `/api/permissions/${chosen ?? ''}` },
                body: { logIn: true, allAccess: false, ignorePasswordCheckout: false, globalApprover: false },
              },
              { onSuccess: () => setChosen(null) },
            )
          }
        >
          Let it log in
        </Button>
      </Group>
      <ServerList<Permission>
        id="permissions"
        label="Global permissions"
        columns={columns}
        path={paths.permissions}
        rowId={({ identityId }) => identityId}
        searchLabel="Search identities"
        empty={
          <EmptyState icon={<IconShieldCog size={28} stroke={1.5} />} title="No identity has global permissions yet">
            An identity that programs sign in with needs at least Log in. Choose it above.
          </EmptyState>
        }
      />
    </Page>
  );
}
