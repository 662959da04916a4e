import { type ApiPath, useApi } from '@gatehouse/ui';
import { Select } from '@mantine/core';
import { useState } from 'react';
import { type List, type Person, paths, type Query, type Team } from '../api/paths.ts';

interface PickProps {
  label: string;
  description?: string | undefined;
  value: string | null;
  /** How the one that is chosen is called. */
  name: string | undefined;
  /** What no choice means. */
  none: string;
  error?: string | undefined;
  disabled?: boolean;
  onChange(value: string | null): void;
}

/** Somebody, found by typing; `assignable` are only those who work at the desk. */
export const PickPerson = ({ assignable, ...props }: PickProps & { assignable?: boolean }) => (
  <Pick<Person>
    {...props}
    path={(search) => paths.people({ search, limit: '30', assignable: assignable ? 'true' : '' })}
    tell={({ id, name, email, login }) => [id, `${name} · ${email ?? login}`]}
  />
);

export const PickTeam = (props: PickProps) => (
  <Pick<Team> {...props} path={(search) => paths.teams({ search, limit: '30' })} tell={({ id, name }) => [id, name]} />
);

interface Source<T> {
  path(search: string): ApiPath<List<T>>;
  tell(item: T): readonly [id: string, words: string];
}

function Pick<T>({ path, tell, value, name, none, label, onChange, ...shown }: PickProps & Source<T>) {
  const [search, setSearch] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Query>({});
  const nameNow = value === null ? undefined : (chosen[value] ?? name ?? value);
  const asked = search === nameNow ? '' : (search.split(' · ')[0]?.trim() ?? '');
  // Nothing is asked until somebody wants to choose.
  const list = useApi(path(asked), { keep: true, enabled: isOpen });
  const options = new Map((list.data?.items ?? []).map(tell));
  if (value !== null && nameNow !== undefined && !options.has(value)) options.set(value, nameNow);
  return (
    <Select
      {...shown}
      label={label}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `No ${label.toLowerCase()}` }}
      placeholder={none}
      nothingFoundMessage={list.isFetching ? 'Looking …' : 'Nothing has this name'}
      filter={({ options: all }) => all}
      data={[...options].map(([id, words]) => ({ value: id, label: words }))}
      value={value}
      searchValue={search}
      onSearchChange={setSearch}
      onDropdownOpen={() => setOpen(true)}
      onChange={(id) => {
        if (id !== null) setChosen({ ...chosen, [id]: options.get(id) ?? id });
        onChange(id);
      }}
    />
  );
}
