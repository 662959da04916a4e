import { EmptyState, Section, type TableColumn, Tag, useApi } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { MyCredential } from '../api/types.ts';
import type { FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { StateTag, VerifiedTag } from '../parts/tags.tsx';
import { accountWords, typeTitles } from '../parts/words.ts';

type Ask = { readonly what: 'request' | 'checkout'; readonly of: MyCredential } | null;
const plain = { type: 'text', sort: false, filter: false } as const;
export const askFields: readonly FieldSpec[] = [
  { name: 'comment', title: 'Why', kind: 'area', description: 'It is in the audit, and whoever approves reads it.' },
  {
    ...{ name: 'minutes', title: 'For how long', kind: 'number', least: 1, most: 1_440, unit: 'minutes' },
    description: 'At its end the password is checked in by itself.',
  },
];

/** Accounts that the identity may see, and what to do with each. */
export function MyAccounts() {
  const [ask, setAsk] = useState<Ask>(null);
  const requests = useApi(paths.myRequests({ limit: '200' }), { every: 10_000 });
  const out = useApi(paths.myCheckouts({ limit: '200' }), { every: 10_000 });
  const requestOf = (id: string) =>
    requests.data?.items.find(
      ({ credentialId, purpose, state }) =>
        credentialId === id && purpose === 'use' && (state === 'pending' || state === 'granted'),
    );
  const nextStep = (row: MyCredential) => {
    const { viewPasswords, requestPasswords, grantRequests, remoteSessions } = row.rights;
    if (out.data?.items.some(({ credentialId }) => credentialId === row.credentialId))
      return <Tag tone="medium">Checked out by you</Tag>;
    const state = requestOf(row.credentialId)?.state;
    if (viewPasswords || state === 'granted')
      return (
        <Button size="compact-sm" onClick={() => setAsk({ what: 'checkout', of: row })}>
          Check out
        </Button>
      );
    if (state === 'pending') return <StateTag state="pending" />;
    if (requestPasswords)
      return (
        <Button size="compact-sm" variant="default" onClick={() => setAsk({ what: 'request', of: row })}>
          Request
        </Button>
      );
    return remoteSessions ? 'Use it in sessions' : grantRequests ? 'You approve its requests' : '—';
  };
  const columns: readonly TableColumn<MyCredential>[] = [
    { ...plain, name: 'accountName', title: 'Account', width: 220, cell: (row) => accountWords(row) },
    { ...plain, name: 'systemName', title: 'System', width: 180 },
    { ...plain, name: 'next', title: 'What you can do', width: 190, cell: nextStep },
    { ...plain, name: 'type', title: 'Type', width: 180, cell: ({ type }) => typeTitles[type] },
    { ...plain, name: 'isVerified', title: 'State', width: 170, cell: (row) => <VerifiedTag {...row} /> },
    { ...plain, name: 'comment', title: 'Comment', width: 240 },
  ];
  const isRequest = ask?.what === 'request';
  return (
    <Section title="My accounts">
      <ServerList<MyCredential>
        id="my-accounts"
        label="My accounts"
        columns={columns}
        path={paths.myCredentials}
        isPart
        rowId={({ credentialId }) => credentialId}
        searchLabel="Search my accounts"
        empty={
          <EmptyState title="No account was given to you yet">
            An administrator of the vault gives rights on accounts, and on shared credential lists.
          </EmptyState>
        }
      />
      <FormDialog
        opened={ask !== null}
        onClose={() => setAsk(null)}
        title={`${isRequest ? 'Request' : 'Check out'} ${ask === null ? '' : `${accountWords(ask.of)} on ${ask.of.systemName}`}`}
        fields={askFields}
        start={{ minutes: 120 }}
        method="POST"
        path={isRequest ? '/api/my/requests' : '/api/my/checkouts'}
        action={isRequest ? 'Request' : 'Check out'}
        done={isRequest ? 'Requested. It shows here once somebody has decided.' : 'Checked out.'}
        refresh={['/api/my', '/api/checkouts', '/api/overview']}
        toBody={(body) => ({ comment: '', ...body, credentialId: ask?.of.credentialId })}
      />
    </Section>
  );
}
