import type { FieldSchema } from '@gatehouse/ui';
import { useApi } from '@gatehouse/ui';
import { Select } from '@mantine/core';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import { references } from './kinds.ts';

interface ReferenceFieldProps {
  name: string;
  schema: FieldSchema;
  required: boolean;
  value: unknown;
  error?: string | undefined;
  /** What stands for none, where that is not as everywhere. */
  none?: string | undefined;
  /** Null: none. */
  onChange(value: number | null): void;
}

/** One of the objects of another kind, found by typing: there may be more of them than a list should hold. */
export function ReferenceField({ name, schema, required, value, error, none: words, onChange }: ReferenceFieldProps) {
  const { api, label, none = undefined } = references[name] ?? { api: '', label: 'name' };
  const nobody = words ?? none;
  const [search, setSearch] = useState('');
  const chosen = typeof value === 'number' && value > 0 ? String(value) : null;
  const [shown, setShown] = useState<string | null>(null);
  // The chosen name stands in the box; only what was typed is searched for.
  const list = useApi(paths.list(api, { limit: '50', search: search === shown ? '' : search }), { keep: true });
  const current = useApi(paths.item(api, chosen ?? '0'), { enabled: chosen !== null });
  const wordsOf = (item: object) => String(Reflect.get(item, label) ?? '');
  const options = new Map((list.data?.items ?? []).map((item) => [String(item.id), wordsOf(item)]));
  if (chosen !== null && current.data !== undefined) options.set(chosen, wordsOf(current.data));
  return (
    <Select
      name={name}
      label={schema.title}
      description={schema.description}
      required={required}
      withAsterisk={required}
      searchable
      clearable={nobody !== undefined && !required}
      placeholder={nobody ?? 'Choose'}
      nothingFoundMessage="Nothing has this name"
      data={[...options].map(([key, words]) => ({ value: key, label: words }))}
      value={chosen}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(key) => {
        setShown(key === null ? null : (options.get(key) ?? null));
        onChange(key === null ? null : Number(key));
      }}
      error={error}
    />
  );
}
