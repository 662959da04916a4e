import { Group, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';

const units = [
  { value: '86400', label: 'Days' },
  { value: '3600', label: 'Hours' },
  { value: '60', label: 'Minutes' },
  { value: '1', label: 'Seconds' },
];

interface KeyTimeFieldProps {
  seconds: number;
  error: string | undefined;
  onChange(seconds: number): void;
}

/** How long a key is valid, in the largest unit that says it without a rest. */
export function KeyTimeField({ seconds, error, onChange }: KeyTimeFieldProps) {
  const [unit, setUnit] = useState(() => units.find(({ value }) => seconds % Number(value) === 0)?.value ?? '1');
  const count = seconds / Number(unit);
  return (
    <Group align="flex-start" gap="sm">
      <NumberInput
        label="Keys are valid for"
        description="From a minute to a year."
        min={1}
        allowDecimal={false}
        allowNegative={false}
        w={180}
        value={count}
        error={error}
        onChange={(entered) => onChange(Math.round(Number(entered) * Number(unit)))}
      />
      <Select
        label="Unit"
        description="Of this time."
        w={140}
        data={units}
        allowDeselect={false}
        value={unit}
        onChange={(next) => {
          setUnit(next ?? unit);
          onChange(count * Number(next ?? unit));
        }}
      />
    </Group>
  );
}
