import type { FormErrors } from '@gatehouse/ui';
import { ActionIcon, Button, Fieldset, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { beginnings, type Dialogue, type Dialogues } from './how.ts';

const code = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

interface DialogueFieldsProps {
  rules: Dialogues;
  errors: FormErrors;
  onRules(rules: Dialogues): void;
}

/** What is waited for and typed, line by line. */
export function DialogueFields({ rules, errors, onRules }: DialogueFieldsProps) {
  return (
    <>
      <Text size="sm" c="dimmed">
        {'{password}'} is the present password, {'{next}'} the new one; both are typed on the terminal.
      </Text>
      <One
        title="To change a password"
        at="rules.change"
        dialogue={rules.change}
        errors={errors}
        onChange={(change) => onRules({ ...rules, change })}
      />
      <Switch
        label="Verify by a dialogue, too"
        description="Otherwise the account signs in with its password."
        checked={rules.verify !== null}
        onChange={(event) => onRules({ ...rules, verify: event.currentTarget.checked ? firstVerify : null })}
      />
      {rules.verify === null ? null : (
        <One
          title="To verify a password"
          at="rules.verify"
          dialogue={rules.verify}
          errors={errors}
          onChange={(verify) => onRules({ ...rules, verify })}
        />
      )}
    </>
  );
}

const firstVerify: Dialogue = {
  ...beginnings.dialogue.change,
  steps: [
    { expect: '', send: 'login {account}' },
    { expect: 'password:', send: '{password}' },
  ],
};

interface OneProps {
  title: string;
  /** Where it stands in the body. */
  at: string;
  dialogue: Dialogue;
  errors: FormErrors;
  onChange(dialogue: Dialogue): void;
}

function One({ title, at, dialogue, errors, onChange }: OneProps) {
  const { steps } = dialogue;
  const put = (index: number, change: Partial<Dialogue['steps'][number]>) =>
    onChange({ ...dialogue, steps: steps.map((step, one) => (one === index ? { ...step, ...change } : step)) });
  return (
    <Fieldset legend={title}>
      <Stack gap="sm">
        {steps.map((step, index) => (
          // Steps have no name but their place.
          <Group key={index} gap="xs" align="flex-end">
            <TextInput
              label={`Step ${index + 1}: once it says`}
              placeholder="at once"
              styles={code}
              flex="1 1 180px"
              spellCheck={false}
              autoComplete="off"
              value={step.expect}
              onChange={(event) => put(index, { expect: event.currentTarget.value })}
              error={errors[`${at}.steps.${index}.expect`]}
            />
            <TextInput
              label={`Step ${index + 1}: type`}
              styles={code}
              flex="1 1 180px"
              spellCheck={false}
              autoComplete="off"
              value={step.send}
              onChange={(event) => put(index, { send: event.currentTarget.value })}
              error={errors[`${at}.steps.${index}.send`]}
            />
            <ActionIcon
              variant="default"
              size="input-sm"
              aria-label={`Remove step ${index + 1}`}
              onClick={() => onChange({ ...dialogue, steps: steps.filter((_, one) => one !== index) })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        {errors[`${at}.steps`] === undefined ? null : (
          <Text size="sm" c="red" role="alert">
            {errors[`${at}.steps`]}
          </Text>
        )}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange({ ...dialogue, steps: [...steps, { expect: '', send: '' }] })}
          >
            Add step
          </Button>
        </Group>
        <TextInput
          label="It went well when it says"
          withAsterisk
          styles={code}
          value={dialogue.succeeded}
          onChange={(event) => onChange({ ...dialogue, succeeded: event.currentTarget.value })}
          error={errors[`${at}.succeeded`]}
        />
        <TextInput
          label="It refuses the password when it says"
          description="Left empty: nothing that could be told from other failures."
          styles={code}
          value={dialogue.refused}
          onChange={(event) => onChange({ ...dialogue, refused: event.currentTarget.value })}
          error={errors[`${at}.refused`]}
        />
      </Stack>
    </Fieldset>
  );
}
