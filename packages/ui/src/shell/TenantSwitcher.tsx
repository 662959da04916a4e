import { Menu, TextInput, UnstyledButton } from '@mantine/core';
import { IconBuilding, IconCheck, IconLayoutGrid, IconSearch, IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './Shell.module.css';

export interface SwitcherTenant {
  readonly tenantId: string;
  readonly name: string;
  readonly href: string;
}

/** Which tenant is shown, and the way to another. Searchable once there are more than a screenful. */
export function TenantSwitcher({
  tenants,
  current,
  home,
}: {
  tenants: readonly SwitcherTenant[];
  current: string | undefined;
  home: string;
}) {
  const [search, setSearch] = useState('');
  const shown = tenants.find(({ tenantId }) => tenantId === current);
  const found = tenants.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Menu width={290} position="bottom-start" onOpen={() => setSearch('')}>
      <Menu.Target>
        <UnstyledButton className={classes.barButton} aria-label={`Tenant: ${shown?.name ?? 'Choose a tenant'}`}>
          <IconBuilding size={16} aria-hidden="true" />
          <span className={classes.barWord} title={shown?.name}>
            {shown?.name ?? 'Choose a tenant'}
          </span>
          <IconSelector size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {tenants.length > 8 ? (
          <TextInput
            className={classes.tenantSearch ?? ''}
            aria-label="Find a tenant"
            placeholder="Find a tenant"
            leftSection={<IconSearch size={14} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        ) : null}
        {found.slice(0, 50).map(({ tenantId, name, href }) => (
          <Menu.Item
            key={tenantId}
            component="a"
            href={href}
            rightSection={tenantId === current ? <IconCheck size={15} aria-label="(shown)" /> : null}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href={home} leftSection={<IconLayoutGrid size={16} />}>
          All tenants
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
