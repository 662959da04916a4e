import { Button, Group, MultiSelect, NumberInput, Popover, Select, Stack, TextInput } from '@mantine/core';
import { IconFilterPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { wordsOf } from '../format.ts';
import type { TableColumn } from './column.ts';
import { type Operator, operatorsOf, printFilter } from './filter.ts';

type FilterColumn = Pick<TableColumn<never>, 'name' | 'title' | 'type' | 'values' | 'label'>;

/** Adds one condition: column, operator, value. */
export function FilterBuilder({ columns, onAdd }: { columns: readonly FilterColumn[]; onAdd(filter: string): void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} width={320} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilterPlus size={16} />}
          onClick={() => setOpen(!isOpen)}
          aria-expanded={isOpen}
        >
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <FilterForm
          columns={columns}
          onAdd={(filter) => {
            onAdd(filter);
            setOpen(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function FilterForm({ columns, onAdd }: { columns: readonly FilterColumn[]; onAdd(filter: string): void }) {
  const [name, setName] = useState<string | null>(null);
  const [chosen, setOperator] = useState<Operator | null>(null);
  const [value, setValue] = useState('');
  const column = columns.find((one) => one.name === name);
  const offered = column === undefined ? [] : operatorsOf(column);
  const operator = chosen ?? offered[0]?.value ?? null;
  const needsValue = operator !== 'null' && operator !== 'notnull';
  const isReady = column !== undefined && operator !== null && (!needsValue || value.trim() !== '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onAdd(printFilter({ column: column.name, operator, value: needsValue ? value.trim() : '' }));
      }}
    >
      <Stack gap="sm">
        <Select
          label="Column"
          data-autofocus
          searchable
          data={columns.map((one) => ({ value: one.name, label: one.title }))}
          value={name}
          onChange={(next) => {
            setName(next);
            setOperator(null);
            setValue('');
          }}
          comboboxProps={{ withinPortal: false }}
          maxDropdownHeight={260}
        />
        {column === undefined ? null : (
          <Select
            label="Condition"
            data={[...offered]}
            value={operator}
            allowDeselect={false}
            onChange={(next) => {
              setOperator(next as Operator | null);
              setValue('');
            }}
            comboboxProps={{ withinPortal: false }}
          />
        )}
        {column !== undefined && needsValue ? (
          <ValueInput column={column} operator={operator} value={value} onChange={setValue} />
        ) : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={!isReady}>
            Add filter
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ValueInputProps {
  column: FilterColumn;
  operator: Operator | null;
  value: string;
  onChange(value: string): void;
}

function ValueInput({ column, operator, value, onChange }: ValueInputProps) {
  const inside = { comboboxProps: { withinPortal: false } };
  if (column.values && operator === 'in')
    return (
      <MultiSelect
        label="Values"
        data={column.values.map((one) => ({ value: one, label: (column.label ?? wordsOf)(one) }))}
        value={value === '' ? [] : value.split('|')}
        onChange={(next) => onChange(next.join('|'))}
        {...inside}
      />
    );
  if (column.values || column.type === 'flag')
    return (
      <Select
        label="Value"
        data={
          column.values?.map((one) => ({ value: one, label: (column.label ?? wordsOf)(one) })) ?? [
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]
        }
        value={value === '' ? null : value}
        onChange={(next) => onChange(next ?? '')}
        {...inside}
      />
    );
  if (column.type === 'time') {
    const days = /^-(\d+)d$/.exec(value)?.[1];
    return (
      <Group grow align="flex-end">
        <TextInput
          type="date"
          label="Day"
          value={days === undefined ? value.slice(0, 10) : ''}
          onChange={(event) => {
            const day = event.currentTarget.value;
            onChange(day === '' ? '' : `${day}T00:00:00.000Z`);
          }}
        />
        <NumberInput
          label="or days ago"
          min={0}
          max={36_500}
          allowDecimal={false}
          value={days ?? ''}
          onChange={(next) => onChange(next === '' ? '' : `-${next}d`)}
        />
      </Group>
    );
  }
  if (column.type === 'number')
    return <NumberInput label="Number" value={value} onChange={(next) => onChange(String(next))} />;
  return (
    <TextInput label="Text" value={value} onChange={(event) => onChange(event.currentTarget.value)} maxLength={200} />
  );
}
