import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import classes from './DataTable.module.css';

interface PickFilterProps {
  /** What is picked: "Severity". */
  label: string;
  choices: readonly { readonly value: string; readonly label: string }[];
  /** Empty: any. */
  picked: readonly string[];
  onPick(picked: readonly string[]): void;
}

/** One filter with a few fixed values, said in one line: "Severity: Critical, High". */
export function PickFilter({ label, choices, picked, onPick }: PickFilterProps) {
  const words = choices.filter(({ value }) => picked.includes(value)).map((choice) => choice.label);
  return (
    <Popover position="bottom-start" width={220} trapFocus>
      <Popover.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />} className={classes.pick ?? ''}>
          <span className={classes.pickLabel}>{label}:</span>
          {words.length === 0 ? 'any' : words.join(', ')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Checkbox.Group aria-label={label} value={[...picked]} onChange={onPick}>
          <Stack gap={10}>
            {choices.map((choice) => (
              <Checkbox key={choice.value} size="sm" value={choice.value} label={choice.label} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Button size="compact-sm" variant="subtle" mt="sm" disabled={picked.length === 0} onClick={() => onPick([])}>
          Any
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
