import { Select, Stack, TextInput } from '@mantine/core';
import type { Assignment } from '../../../src/api/connections.ts';

type To = Assignment['to'];
const choices: readonly { readonly value: To; readonly label: string }[] = [
  { value: 'me', label: 'To whoever makes the key' },
  { value: 'assignee', label: 'To whoever the ticket is assigned to' },
  { value: 'person-field', label: 'To the person whom a field of the ticket names' },
  { value: 'team-field', label: 'To the team that a field of the ticket names' },
  { value: 'group', label: 'To the team, queue or project that the ticket is in' },
  { value: 'general', label: 'To the general queue' },
  { value: 'team', label: 'To a team' },
  { value: 'representative', label: 'To a representative' },
];
const labels: Readonly<Partial<Record<To, string>>> = {
  ...{ 'person-field': 'Field of the ticket', 'team-field': 'Field of the ticket' },
  ...{ team: 'Name of the team on the site', representative: 'User name of the representative on the site' },
};

const wordOf = (rule: Assignment): string =>
  'field' in rule ? rule.field : 'team' in rule ? rule.team : 'username' in rule ? rule.username : '';

const ruleOf = (to: To, word: string): Assignment => {
  switch (to) {
    case 'person-field':
    case 'team-field':
      return { to, field: word };
    case 'team':
      return { to, team: word };
    case 'representative':
      return { to, username: word };
    default:
      return { to };
  }
};

/** Whether a rule that names something has its name. */
export const isWhole = (rule: Assignment): boolean => labels[rule.to] === undefined || wordOf(rule).trim() !== '';

interface AssignmentFieldProps {
  value: Assignment;
  error: string | undefined;
  onChange(value: Assignment): void;
}

/** To whom a customer comes who enters the key of a ticket. */
export function AssignmentField({ value, error, onChange }: AssignmentFieldProps) {
  const label = labels[value.to];
  return (
    <Stack gap="sm">
      <Select
        label="The customer comes"
        description="Unless whoever makes a key says otherwise."
        data={choices}
        allowDeselect={false}
        value={value.to}
        error={label === undefined ? error : undefined}
        onChange={(to) => onChange(ruleOf(choices.find((one) => one.value === to)?.value ?? 'me', wordOf(value)))}
      />
      {label === undefined ? null : (
        <TextInput
          label={label}
          withAsterisk
          maxLength={200}
          value={wordOf(value)}
          error={error}
          onChange={(event) => onChange(ruleOf(value.to, event.currentTarget.value))}
        />
      )}
    </Stack>
  );
}
