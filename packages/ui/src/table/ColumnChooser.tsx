import { ActionIcon, Button, Checkbox, Group, Popover, Stack } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react';
import classes from './DataTable.module.css';

interface ChooserColumn {
  readonly name: string;
  readonly title: string;
}

/** Which columns are shown and in what order. */
export function ColumnChooser({
  columns,
  shown,
  onChange,
}: {
  columns: readonly ChooserColumn[];
  shown: readonly string[];
  /** null: back to how it was. */
  onChange(shown: readonly string[] | null): void;
}) {
  const ordered = [
    ...shown.flatMap((name) => columns.filter((column) => column.name === name)),
    ...columns.filter(({ name }) => !shown.includes(name)),
  ];
  const move = (name: string, by: number) => {
    const at = shown.indexOf(name);
    const rest = shown.filter((one) => one !== name);
    onChange(rest.toSpliced(at + by, 0, name));
  };
  return (
    <Popover width={290} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Stack gap={0} className={classes.chooser ?? ''}>
          {ordered.map(({ name, title }) => {
            const at = shown.indexOf(name);
            return (
              <Group key={name} justify="space-between" wrap="nowrap" className={classes.choice ?? ''}>
                <Checkbox
                  size="sm"
                  label={title}
                  checked={at >= 0}
                  disabled={at >= 0 && shown.length === 1}
                  onChange={() => onChange(at >= 0 ? shown.filter((one) => one !== name) : [...shown, name])}
                />
                {at < 0 ? null : (
                  <Group gap={0} wrap="nowrap">
                    <ActionIcon
                      size="sm"
                      disabled={at === 0}
                      onClick={() => move(name, -1)}
                      aria-label={`Move ${title} up`}
                    >
                      <IconArrowUp size={14} />
                    </ActionIcon>
                    <ActionIcon
                      size="sm"
                      disabled={at === shown.length - 1}
                      onClick={() => move(name, 1)}
                      aria-label={`Move ${title} down`}
                    >
                      <IconArrowDown size={14} />
                    </ActionIcon>
                  </Group>
                )}
              </Group>
            );
          })}
        </Stack>
        <Button variant="subtle" size="compact-sm" mt={6} onClick={() => onChange(null)}>
          Back to the usual columns and widths
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
