import type { FormErrors } from '@gatehouse/ui';
import { NumberInput, Textarea } from '@mantine/core';
import type { Commands } from './how.ts';

const code = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

interface CommandFieldsProps {
  rules: Commands;
  errors: FormErrors;
  onRules(rules: Commands): void;
}

/** Two commands of a shell. Secrets come on standard input, because every list of processes shows commands. */
export function CommandFields({ rules, errors, onRules }: CommandFieldsProps) {
  return (
    <>
      <Textarea
        label="Command that changes a password"
        description="Reads the present password, then the new one, a line each, and ends with 0 when it was set."
        withAsterisk
        autosize
        minRows={2}
        spellCheck={false}
        styles={code}
        value={rules.change}
        onChange={(event) => onRules({ ...rules, change: event.currentTarget.value })}
        error={errors['rules.change']}
      />
      <Textarea
        label="Command that verifies a password"
        description="Reads the password, and ends with 0 where it is right. Left empty: the account signs in with it."
        autosize
        minRows={2}
        spellCheck={false}
        styles={code}
        value={rules.verify ?? ''}
        onChange={({ currentTarget: { value } }) => onRules({ ...rules, verify: value === '' ? null : value })}
        error={errors['rules.verify']}
      />
      <NumberInput
        label="Code of a refusal"
        description="What both end with where a password is refused and nothing was changed."
        allowDecimal={false}
        min={1}
        max={255}
        maw={220}
        value={rules.refusedCode}
        onChange={(refusedCode) => onRules({ ...rules, refusedCode: Number(refusedCode) })}
        error={errors['rules.refusedCode']}
      />
    </>
  );
}
