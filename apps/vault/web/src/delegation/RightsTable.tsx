import { EmptyState, type TableColumn } from '@gatehouse/ui';
import { Anchor, Button, Checkbox, Group } from '@mantine/core';
import { useState } from 'react';
import { paths, type Query } from '../api/paths.ts';
import type { Delegation } from '../api/types.ts';
import { PickField } from '../parts/PickField.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';
import { type RightName, rightHeads, rightTitles } from '../parts/words.ts';

const rights = Object.keys(rightTitles) as readonly RightName[];
const refresh = ['/api/delegations'];
const rightsOf = (row: Delegation) => Object.fromEntries(rights.map((right) => [right, row[right]]));

interface RightsTableProps {
  /** Of one credential, one set or one identity; none of them: all there are. */
  credentialId?: string | undefined;
  setId?: string | undefined;
  identityId?: string | undefined;
}

/** Who may do what: one row for each identity and each credential or set, one column for each of the six rights. */
export function RightsTable({ credentialId, setId, identityId }: RightsTableProps) {
  const put = useSend({ refresh });
  const give = (row: Delegation, right: RightName, isGiven: boolean) => {
    const of = row.credentialId === null ? { setId: row.setId } : { credentialId: row.credentialId };
    const given = { ...rightsOf(row), [right]: isGiven };
    if (Object.values(given).some(Boolean))
      put.mutate({
        ...{ method: 'PUT', path: '/api/delegations' },
        body: { identityId: row.identityId, ...of, rights: given },
      });
    else put.mutate({ method: 'DELETE', path: `/api/delegations/${row.delegationId}` });
  };
  const scope = { credentialId, setId, identityId };
  const isOpen = Object.values(scope).every((one) => one === undefined);
  const plain = { type: 'text', sort: false, filter: false } as const;
  const columns: readonly TableColumn<Delegation>[] = [
    ...(identityId === undefined
      ? [{ ...plain, name: 'identity', title: 'Identity', width: 180, cell: identityLink }]
      : []),
    ...(credentialId === undefined && setId === undefined
      ? [{ ...plain, name: 'scope', title: 'Credential or management set', width: 260, cell: scopeLink }]
      : []),
    ...rights.map(
      (right): TableColumn<Delegation> => ({
        ...{ ...plain, name: right, title: rightHeads[right], width: rightHeads[right].length * 7 + 34 },
        cell: (row) => (
          <Checkbox
            size="xs"
            aria-label={`${rightTitles[right]}: ${row.identity}, ${row.scope}`}
            checked={row[right]}
            disabled={put.isPending}
            onChange={(event) => give(row, right, event.currentTarget.checked)}
          />
        ),
      }),
    ),
    {
      ...{ ...plain, name: 'remove', title: '', width: 60 },
      cell: (row) => (
        <RemoveButton
          isIcon
          path={`/api/delegations/${row.delegationId}`}
          title={`Take all rights of ${row.identity} on ${row.scope} away?`}
          action="Take rights away"
          done="Rights taken away."
          refresh={refresh}
        >
          What it has checked out stays so until its time is over, or until an administrator ends it.
        </RemoveButton>
      ),
    },
  ];
  return (
    <>
      <AddRights {...scope} />
      <ServerList<Delegation>
        id={`rights-of-${credentialId ? 'credential' : setId ? 'set' : identityId ? 'identity' : 'all'}`}
        label="Account rights"
        columns={columns}
        path={paths.delegations}
        fixed={withoutEmpty(scope)}
        isPart={!isOpen}
        rowId={({ delegationId }) => delegationId}
        empty={
          <EmptyState title="Nobody has rights here yet">
            Choose above who gets them. Administrators of these pages need none; identities with All Access have all but
            Spin.
          </EmptyState>
        }
      />
    </>
  );
}

const withoutEmpty = (scope: Readonly<Record<string, string | undefined>>): Query =>
  Object.fromEntries(Object.entries(scope).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const identityLink = ({ identityId, identity }: Delegation) => (
  <Anchor fz="sm" href={`/identities/${identityId}`}>
    {identity}
  </Anchor>
);
const scopeLink = ({ credentialId, setId, scope }: Delegation) => (
  <Anchor fz="sm" href={credentialId === null ? `/sets/${setId ?? ''}` : `/credentials/${credentialId}`}>
    {scope}
  </Anchor>
);

/** A first right; the others are ticked in the row. */
function AddRights({ credentialId, setId, identityId }: RightsTableProps) {
  const [who, setWho] = useState<string | null>(null);
  const [credential, setCredential] = useState<string | null>(null);
  const [set, setSet] = useState<string | null>(null);
  const put = useSend({
    ...{ refresh, done: 'Rights given. Tick in its row what else it may do.' },
    onDone: () => {
      setWho(null);
      setCredential(null);
      setSet(null);
    },
  });
  const isPlaced = credentialId !== undefined || setId !== undefined;
  const on = {
    ...((credentialId ?? credential) ? { credentialId: credentialId ?? credential } : {}),
    ...((setId ?? set) ? { setId: setId ?? set } : {}),
  };
  const identity = identityId ?? who;
  return (
    <Group align="flex-end" mb="md">
      {identityId === undefined ? <PickField of="identities" label="Identity" value={who} onChange={setWho} /> : null}
      {isPlaced ? null : (
        <>
          <PickField
            of="credentials"
            label="Credential"
            none="None"
            value={credential}
            disabled={set !== null}
            onChange={setCredential}
          />
          <PickField
            of="sets"
            label="Or management set"
            none="None"
            value={set}
            disabled={credential !== null}
            onChange={setSet}
          />
        </>
      )}
      <Button
        variant="default"
        disabled={identity === null || Object.keys(on).length === 0}
        loading={put.isPending}
        onClick={() =>
          put.mutate({
            ...{ method: 'PUT', path: '/api/delegations' },
            body: { identityId: identity, ...on, rights: { viewAccounts: true, requestPasswords: true } },
          })
        }
      >
        Give rights
      </Button>
    </Group>
  );
}
