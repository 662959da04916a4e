import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import classes from './Shell.module.css';

const schemes = [
  { value: 'light', title: 'Light', icon: <IconSun size={16} /> },
  { value: 'dark', title: 'Dark', icon: <IconMoon size={16} /> },
  { value: 'auto', title: 'As the system', icon: <IconDeviceDesktop size={16} /> },
] as const;

export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu width={190}>
      <Menu.Target>
        <UnstyledButton className={classes.barButton} aria-label="Colour scheme">
          {colorScheme === 'dark' ? (
            <IconMoon size={18} />
          ) : colorScheme === 'light' ? (
            <IconSun size={18} />
          ) : (
            <IconDeviceDesktop size={18} />
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ value, title, icon }) => (
          <Menu.Item
            key={value}
            leftSection={icon}
            rightSection={colorScheme === value ? <IconCheck size={15} /> : null}
            onClick={() => setColorScheme(value)}
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
