import { Section } from '@gatehouse/ui';
import { Stack, Title } from '@mantine/core';
import { HelpText } from '../parts/HelpText.tsx';
import type { DeskKind } from '../support/paths.ts';

/** What to do on the desk, and what to know about it. */
export function Guide({ desk: { name, summary, guide } }: { desk: DeskKind }) {
  return (
    <Section title={`About ${name}`} lead={summary}>
      <Stack gap="xs">
        {guide.map(({ title, lines }) => (
          <div key={title}>
            <Title order={3} size="h5" mb={4}>
              {title}
            </Title>
            <HelpText lines={lines} />
          </div>
        ))}
      </Stack>
    </Section>
  );
}
