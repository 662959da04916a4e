import { useApi } from '@gatehouse/ui';
import { Select } from '@mantine/core';
import { paths } from '../api/paths.ts';

interface PersonSelectProps {
  value: string | null;
  error?: string | undefined;
  onChange(personId: string | null): void;
}

/** Who uses these pages as an identity. */
export function PersonSelect({ value, error, onChange }: PersonSelectProps) {
  const people = useApi(paths.people({ limit: '500' }));
  return (
    <Select
      label="Person of these pages"
      description="Who signs in here and acts as this identity: requests, check-outs and approvals. People are invited under People."
      placeholder="Nobody"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Nobody' }}
      data={(people.data?.items ?? []).map(({ personId, name, email }) => ({
        value: personId,
        label: name === '' ? email : `${name} · ${email}`,
      }))}
      value={value}
      error={error}
      onChange={onChange}
    />
  );
}
