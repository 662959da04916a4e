import { Facts, formatTime, Section } from '@gatehouse/ui';
import { Stack, Text, Title } from '@mantine/core';
import { z } from 'zod';
import type { WholeSession } from '../api/paths.ts';
import type { SupportEvent } from './use-events.ts';

const Answer = z.object({ name: z.string().catch(''), label: z.string().catch(''), value: z.string().catch('') });
const Body = z.object({ kind: z.string().catch(''), answers: z.array(Answer).catch([]) });

/** What both sides answered once it was over, with the questions as they were asked then. */
export function Surveys({ session, events }: { session: WholeSession; events: readonly SupportEvent[] }) {
  const answered = events.filter(({ type }) => type === 'survey_completed');
  const nameOf = (gsnumber: number | null) =>
    session.participants.find((one) => one.gsnumber === gsnumber)?.name ?? 'Somebody';
  return (
    <Section title="Surveys">
      {answered.length === 0 ? (
        <Text c="dimmed" size="sm">
          Nobody answered a survey.
        </Text>
      ) : (
        <Stack gap="md">
          {answered.map(({ seq, at, performedBy, body }) => {
            const { kind, answers } = Body.parse(body);
            return (
              <div key={seq}>
                <Title order={3} fz="sm" mb={6}>
                  {nameOf(performedBy)}, {kind === 'customer' ? 'customer' : 'representative'}
                </Title>
                <Text c="dimmed" size="xs" mb={8}>
                  {formatTime(new Date(at))}
                </Text>
                {answers.length === 0 ? (
                  <Text size="sm">No question was answered.</Text>
                ) : (
                  <Facts facts={answers.map(({ label, name, value }) => ({ title: label || name, value }))} />
                )}
              </div>
            );
          })}
        </Stack>
      )}
    </Section>
  );
}
