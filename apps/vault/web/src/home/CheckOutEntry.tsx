import { Button } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '../parts/Form.tsx';
import { askFields } from './MyAccounts.tsx';

interface EntryProps {
  entry: { readonly entryId: string; readonly systemName: string; readonly accountName: string };
}

/** Checks an account of a shared list out. */
export function CheckOutEntry({ entry: { entryId, systemName, accountName } }: EntryProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" onClick={() => setOpen(true)}>
        Check out
      </Button>
      <FormDialog
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={`Check out ${accountName}${systemName === '' ? '' : ` on ${systemName}`}`}
        fields={askFields}
        start={{ minutes: 120 }}
        method="POST"
        path="/api/my/checkouts"
        action="Check out"
        done="Checked out. It is on the home page."
        refresh={['/api/my', '/api/checkouts', '/api/overview']}
        toBody={(body) => ({ comment: '', ...body, entryId })}
      />
    </>
  );
}
