import { formatTime, Section, useApi } from '@gatehouse/ui';
import { Anchor, Stack, Text } from '@mantine/core';
import { paths } from '../api/paths.ts';

/** What was said in support sessions, for the customer; nothing where nothing was, or where customers are not given it. */
export function CaseChats({ number }: { number: string }) {
  const found = useApi(paths.transcripts(number));
  const items = found.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title="Support sessions" lead="What was said, to be kept.">
      <Stack gap={6}>
        {items.map(({ lsid, beganAt }) => (
          <Text key={lsid}>
            {beganAt === null ? 'Chat' : formatTime(new Date(beganAt))}:{' '}
            <Anchor href={paths.transcript(number, lsid, 'text')}>text</Anchor>,{' '}
            <Anchor href={paths.transcript(number, lsid, 'html')}>HTML</Anchor>
          </Text>
        ))}
      </Stack>
    </Section>
  );
}
