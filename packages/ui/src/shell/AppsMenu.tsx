import { Menu, UnstyledButton } from '@mantine/core';
import { IconApps, IconExternalLink } from '@tabler/icons-react';
import classes from './Shell.module.css';

export interface AppLink {
  readonly name: string;
  readonly url: string;
}

/** The connected programs, one click to switch. Absent while none is connected. */
export function AppsMenu({ apps }: { apps: readonly AppLink[] }) {
  if (apps.length === 0) return null;
  return (
    <Menu width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.barButton}>
          <IconApps size={18} aria-hidden="true" />
          Apps
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {apps.map(({ name, url }) => (
          <Menu.Item key={url} component="a" href={url} rightSection={<IconExternalLink size={14} />}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
