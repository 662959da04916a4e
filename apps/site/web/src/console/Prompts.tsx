import { Section } from '@gatehouse/ui';
import { Stack, Textarea, TextInput } from '@mantine/core';
import type { ItemDetail } from '../api/paths.ts';
import { type Opening, promptsOf } from './use-opening.ts';

/** Only what the conditions of this endpoint ask for; an approval is asked for with a reason. */
export function Prompts({ item, opening }: { item: ItemDetail; opening: Opening }) {
  const asked = promptsOf(item);
  const needsReason = asked.includes('reason') || !opening.isAllowed;
  if (asked.length === 0 && opening.isAllowed) return null;
  return (
    <Section title="Before you begin">
      <Stack gap="md">
        {needsReason ? (
          <Textarea
            id="prompt-reason"
            label="Reason"
            description="Why you need this session. It is kept with its recording."
            required
            autosize
            minRows={2}
            maxLength={1_000}
            value={opening.reason}
            error={opening.errors.reason}
            onChange={(event) => opening.change('reason', event.currentTarget.value)}
          />
        ) : null}
        {asked.includes('ticket') ? (
          <TextInput
            id="prompt-ticket"
            label="Ticket"
            description="The number of the request that this is for."
            required
            maw={320}
            maxLength={200}
            value={opening.ticket}
            error={opening.errors.ticket}
            onChange={(event) => opening.change('ticket', event.currentTarget.value)}
          />
        ) : null}
        {asked.includes('code') && opening.isAllowed ? (
          <TextInput
            id="prompt-code"
            label="Code"
            description="As your authenticator app shows it now."
            required
            maw={320}
            maxLength={20}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={opening.code}
            error={opening.errors.code}
            onChange={(event) => opening.change('code', event.currentTarget.value)}
          />
        ) : null}
      </Stack>
    </Section>
  );
}
