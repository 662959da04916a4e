import type { FormErrors } from '@gatehouse/ui';
import { Checkbox, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import type { PasswordRules } from '../api/types.ts';

const classes = [
  ['lower', 'Small letters'],
  ['upper', 'Capital letters'],
  ['digits', 'Digits'],
  ['symbols', 'Symbols'],
] as const;
type CharacterClass = (typeof classes)[number][0];
const code = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

interface RuleFieldsProps {
  rules: PasswordRules;
  errors: FormErrors;
  onRules(rules: PasswordRules): void;
}

export function RuleFields({ rules, errors, onRules }: RuleFieldsProps) {
  const set = (change: Partial<PasswordRules>) => onRules({ ...rules, ...change });
  return (
    <>
      <NumberInput
        label="Length"
        required
        allowDecimal={false}
        min={8}
        max={128}
        maw={160}
        value={rules.length}
        onChange={(length) => set({ length: Number(length) })}
        error={errors.length}
      />
      <Stack gap={8}>
        {classes.map(([name, title]) => (
          <Least
            key={name}
            title={title}
            value={rules.least[name]}
            error={errors[`least.${name}`]}
            onChange={(value) => set({ least: { ...rules.least, [name]: value } })}
          />
        ))}
      </Stack>
      <TextInput
        label="Symbols that may occur"
        styles={code}
        value={rules.symbols}
        spellCheck={false}
        onChange={(event) => set({ symbols: event.currentTarget.value })}
        error={errors.symbols}
      />
      <TextInput
        label="Characters that never occur"
        description="Such as l1O0, which people mix up."
        styles={code}
        value={rules.excluded}
        spellCheck={false}
        onChange={(event) => set({ excluded: event.currentTarget.value })}
        error={errors.excluded}
      />
      {(['first', 'last'] as const).map((end) => (
        <Checkbox.Group
          key={end}
          label={`The ${end} character may be`}
          value={[...rules[end]]}
          onChange={(value) => set({ [end]: value as CharacterClass[] })}
          error={errors[end]}
        >
          <Group gap="md" mt={8}>
            {classes.map(([name, title]) => (
              <Checkbox key={name} value={name} label={title} />
            ))}
          </Group>
        </Checkbox.Group>
      ))}
      <Switch
        label="Without the name of the account"
        checked={rules.withoutAccountName}
        onChange={(event) => set({ withoutAccountName: event.currentTarget.checked })}
      />
      <Switch
        label="No character twice"
        checked={rules.distinct}
        onChange={(event) => set({ distinct: event.currentTarget.checked })}
      />
    </>
  );
}

interface LeastProps {
  title: string;
  /** Null: none may occur. */
  value: number | null;
  error: string | undefined;
  onChange(value: number | null): void;
}

function Least({ title, value, error, onChange }: LeastProps) {
  return (
    <Group gap="sm" align="center">
      <Checkbox
        label={title}
        w={150}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? 1 : null)}
      />
      <NumberInput
        size="xs"
        aria-label={`${title}: at least`}
        prefix="at least "
        allowDecimal={false}
        min={0}
        max={128}
        maw={140}
        disabled={value === null}
        value={value ?? 0}
        onChange={(least) => onChange(Number(least))}
        error={error}
      />
    </Group>
  );
}
