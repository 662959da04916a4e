import { Section } from '@gatehouse/ui';
import { Stack, Textarea, TextInput } from '@mantine/core';
import type { Conditions } from '../../../src/api/console.ts';
import { promptsOf, type Saying } from './use-saying.ts';

/** Only what the conditions ask for; an approval is asked for with a reason. */
export function Prompts({ conditions, saying }: { conditions: Conditions; saying: Saying }) {
  const { said, errors, change, isAllowed } = saying;
  const asked = promptsOf(conditions);
  const needsReason = asked.includes('reason') || !isAllowed;
  if (asked.length === 0 && isAllowed) return null;
  return (
    <Section title="Before you begin">
      <Stack gap="md">
        {needsReason ? (
          <Textarea
            id="prompt-reason"
            label="Reason"
            data-autofocus
            description="Why you need this session. It is kept with its recording."
            required
            autosize
            minRows={2}
            maxLength={1_000}
            value={said.reason}
            error={errors.reason}
            onChange={(event) => change('reason', event.currentTarget.value)}
          />
        ) : null}
        {asked.includes('ticket') ? (
          <TextInput
            id="prompt-ticket"
            label="Ticket"
            data-autofocus
            description="The number of the request that this is for."
            required
            maw={320}
            maxLength={200}
            value={said.ticket}
            error={errors.ticket}
            onChange={(event) => change('ticket', event.currentTarget.value)}
          />
        ) : null}
        {asked.includes('code') && isAllowed ? (
          <TextInput
            id="prompt-code"
            label="Code"
            data-autofocus
            description="As your authenticator app shows it now."
            required
            maw={320}
            maxLength={20}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={said.code}
            error={errors.code}
            onChange={(event) => change('code', event.currentTarget.value)}
          />
        ) : null}
      </Stack>
    </Section>
  );
}
