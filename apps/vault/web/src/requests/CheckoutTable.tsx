import { ConfirmDialog, EmptyState, RelativeTime, type TableColumn, Tag } from '@gatehouse/ui';
import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Checkout } from '../api/types.ts';
import { type Choice, ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
const choices: readonly Choice[] = [
  {
    ...{ name: 'state', title: 'State', usual: 'out now' },
    values: [
      { value: 'open', label: 'Checked out now' },
      { value: 'ended', label: 'Checked in' },
      { value: 'all', label: 'All' },
    ],
  },
];
const endings = {
  ...{ 'check-in': 'Checked in', expiry: 'Its time was over', administrator: 'Ended by an administrator' },
} as const;

/** Who has what, or had it: of one credential its whole history. */
export function CheckoutTable({ credentialId }: { credentialId?: string }) {
  const isPart = credentialId !== undefined;
  const columns: readonly TableColumn<Checkout>[] = [
    { ...plain, name: 'holder', title: 'Identity', width: 180 },
    ...(isPart ? [] : [{ ...plain, name: 'about', title: 'Account', width: 260, cell: aboutLink }]),
    { name: 'checkedOutAt', title: 'Checked out', type: 'time', sort: false, filter: false },
    { ...plain, name: 'expiresAt', title: 'Ends', width: 220, cell: endOf },
    { ...plain, name: 'end', title: '', width: 150, cell: (row) => <EndButton checkout={row} /> },
    { ...plain, name: 'comment', title: 'Comment', width: 240 },
  ];
  return (
    <ServerList<Checkout>
      id={isPart ? 'checkouts-of-credential' : 'checkouts'}
      label="Check-outs"
      columns={columns}
      path={paths.checkouts}
      fixed={isPart ? { credentialId, state: 'all' } : {}}
      isPart={isPart}
      every={15_000}
      {...(isPart ? {} : { choices })}
      rowId={({ checkoutId }) => checkoutId}
      empty={
        <EmptyState title={isPart ? 'It was never checked out' : 'Nothing is checked out'}>
          {isPart ? null : 'Choose “All” above to see what was.'}
        </EmptyState>
      }
    />
  );
}

const aboutLink = ({ credentialId, about }: Checkout) =>
  credentialId === null ? (
    about
  ) : (
    <Anchor fz="sm" href={`/credentials/${credentialId}`}>
      {about}
    </Anchor>
  );

const endOf = ({ checkedInAt, endedBy, expiresAt }: Checkout) =>
  checkedInAt === null ? (
    <Tag tone="medium">
      Out, ends <RelativeTime at={expiresAt} />
    </Tag>
  ) : (
    <>
      {endedBy === null ? 'Ended' : endings[endedBy]} <RelativeTime at={checkedInAt} />
    </>
  );

function EndButton({ checkout: { checkoutId, holder, about, checkedInAt } }: { checkout: Checkout }) {
  const [isAsking, setAsking] = useState(false);
  const end = useSend({
    ...{ refresh: ['/api/checkouts', '/api/credentials', '/api/overview'], done: 'Checked in.' },
    onDone: () => setAsking(false),
  });
  if (checkedInAt !== null) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        Force check-in
      </Button>
      <ConfirmDialog
        opened={isAsking}
        title={`End the check-out of ${holder}?`}
        action="Force check-in"
        danger
        busy={end.isPending}
        onConfirm={() => end.mutate({ method: 'POST', path: `/api/checkouts/${checkoutId}/check-in` })}
        onClose={() => setAsking(false)}
      >
        {about} is checked in at once. With auto-spin its password is changed, which ends what is signed in with it on
        systems that ask for it again.
      </ConfirmDialog>
    </>
  );
}
