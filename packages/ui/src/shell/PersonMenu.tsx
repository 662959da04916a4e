import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout, IconUserCog } from '@tabler/icons-react';
import classes from './Shell.module.css';

export interface ShellPerson {
  readonly name: string;
  readonly email: string;
  /** The page where a person looks after their own account. */
  readonly href: string;
}

export function PersonMenu({ person, onSignOut }: { person: ShellPerson; onSignOut(): void }) {
  return (
    <Menu width={240}>
      <Menu.Target>
        <UnstyledButton
          className={classes.barButton}
          aria-label={`${initials(person.name)}, account of ${person.name}`}
        >
          <span className={classes.face} aria-hidden="true">
            {initials(person.name)}
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '6px 12px 8px' }}>
          <Text fw={600} size="sm" truncate title={person.name}>
            {person.name}
          </Text>
          <Text c="dimmed" size="xs" truncate title={person.email}>
            {person.email}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item component="a" href={person.href} leftSection={<IconUserCog size={16} />}>
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={onSignOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const initials = (name: string) => {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return `${words[0]?.charAt(0) ?? '?'}${words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : ''}`.toUpperCase();
};
