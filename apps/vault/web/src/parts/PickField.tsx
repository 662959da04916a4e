import { useApi } from '@gatehouse/ui';
import { MultiSelect, Select } from '@mantine/core';
import { useState } from 'react';
import { paths, type Query } from '../api/paths.ts';
import { accountWords, identityTitles } from './words.ts';

/** What is picked from: where it is listed and found, and how one is called. */
const sources = {
  systems: source(paths.systems, paths.system, ({ systemId, name }) => [systemId, name]),
  sets: source(paths.sets, paths.set, ({ setId, name }) => [setId, name]),
  platforms: source(paths.platforms, paths.platform, ({ platformId, name }) => [platformId, name]),
  policies: source(paths.policies, paths.policy, ({ policyId, name }) => [policyId, name]),
  identities: source(paths.identities, paths.identity, ({ identityId, name, kind }) => [
    identityId,
    `${name} · ${identityTitles[kind]}`,
  ]),
  credentials: source(paths.credentials, paths.credential, (one) => [
    one.credentialId,
    `${one.systemName} · ${accountWords(one)}`,
  ]),
} as const;
export type PickOf = keyof typeof sources;

/** Keeps each source to one type of item, and forgets it afterwards. */
function source<T>(
  list: (query: Query) => Parameters<typeof useApi<{ items: readonly T[] }>>[0],
  one: (id: string) => Parameters<typeof useApi<T>>[0],
  tell: (item: T) => readonly [id: string, words: string],
) {
  return {
    useOptions: (query: Query): ReadonlyMap<string, string> =>
      new Map((useApi<{ items: readonly T[] }>(list(query), { keep: true }).data?.items ?? []).map(tell)),
    useName: (id: string | null): string | undefined => {
      const { data } = useApi<T>(one(id ?? ''), { enabled: id !== null });
      return data === undefined ? undefined : tell(data)[1];
    },
  };
}

interface PickProps {
  of: PickOf;
  label: string;
  description?: string | undefined;
  required?: boolean;
  disabled?: boolean;
  /** More that is asked of the list, such as `{ kind: 'role' }`. */
  only?: Query;
  error?: string | undefined;
}

interface PickFieldProps extends PickProps {
  value: string | null;
  /** What no choice means: "The vault’s own policy". Absent: there must be one. */
  none?: string | undefined;
  onChange(value: string | null): void;
}

/** One of many, found by typing. */
export function PickField({ of, value, none, only = {}, required, onChange, ...shown }: PickFieldProps) {
  const { useOptions, useName } = sources[of];
  const [search, setSearch] = useState('');
  const name = useName(value);
  // The chosen name stands in the box; only what was typed is searched for.
  const options = new Map(useOptions({ ...only, limit: '50', search: search === name ? '' : wordsTyped(search) }));
  if (value !== null && name !== undefined) options.set(value, name);
  return (
    <Select
      {...shown}
      withAsterisk={required ?? false}
      searchable
      clearable={none !== undefined}
      clearButtonProps={{ 'aria-label': `No ${shown.label.toLowerCase()}` }}
      placeholder={none ?? 'Type to search'}
      nothingFoundMessage="Nothing has this name"
      filter={({ options: all }) => all}
      data={[...options].map(([id, label]) => ({ value: id, label }))}
      value={value}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={onChange}
    />
  );
}

interface PickManyProps extends PickProps {
  value: readonly string[];
  onChange(value: readonly string[]): void;
  /** Names of what was chosen before this field was there. */
  known?: ReadonlyMap<string, string>;
}

/** Several of many. */
export function PickMany({ of, value, only = {}, required, known, onChange, ...shown }: PickManyProps) {
  const { useOptions } = sources[of];
  const [search, setSearch] = useState('');
  const [names, setNames] = useState<ReadonlyMap<string, string>>(known ?? new Map());
  const options = useOptions({ ...only, limit: '50', search: wordsTyped(search) });
  const all = new Map([...(known ?? []), ...names, ...options]);
  return (
    <MultiSelect
      {...shown}
      withAsterisk={required ?? false}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Choose none' }}
      placeholder={value.length === 0 ? 'Type to search' : ''}
      nothingFoundMessage="Nothing has this name"
      filter={({ options: every }) =>
        every.filter((one) => 'value' in one && (options.has(one.value) || value.includes(one.value)))
      }
      data={[...all].map(([id, label]) => ({ value: id, label }))}
      value={[...value]}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(next) => {
        setNames(new Map(next.map((id) => [id, all.get(id) ?? id])));
        onChange(next);
      }}
    />
  );
}

/** What stands before the dot: a name that was chosen and changed again is searched for by its first part. */
const wordsTyped = (search: string) => search.split(' · ')[0]?.trim() ?? '';
