import { Page, Section, useApi } from '@gatehouse/ui';
import { Button, Group } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { OwnSupportSession } from '../../../src/api/support.ts';
import { paths } from '../api/paths.ts';
import { Chat } from './Chat.tsx';
import type { LiveLine, LiveState } from './live-line.ts';
import classes from './Room.module.css';
import { Survey } from './Survey.tsx';
import { endWords } from './sentences.ts';

interface RoomEndProps {
  own: z.output<typeof OwnSupportSession>;
  line: LiveLine;
  state: LiveState;
}

/** The session is over, or goes on without this representative. */
export function RoomEnd({ own, line, state }: RoomEndProps) {
  const { session, you, events } = state;
  const hasAnswered = events.some(({ type, performedBy }) => type === 'survey_completed' && performedBy === you);
  const [isAnswered, setAnswered] = useState(false);
  const isEnded = session?.state === 'ended';
  return (
    <Page
      title={isEnded ? 'The session is over' : 'You left the session'}
      lead={isEnded ? endWords(session.endReason) : 'It goes on, or waits for somebody else.'}
      actions={
        <Button component="a" href="/console/support">
          To the queues
        </Button>
      }
    >
      {!isEnded || own.survey.length === 0 || hasAnswered || isAnswered ? null : (
        <Section title="How did it go?">
          <Survey
            questions={own.survey}
            address={`/api/support/sessions/${own.lsid}/survey`}
            onDone={() => {
              setAnswered(true);
              line.connect();
            }}
          />
        </Section>
      )}
      {events.some(({ type }) => type === 'shell_opened') ? <RecordedShells lsid={own.lsid} /> : null}
      <Section title="What happened" flush>
        <div className={classes.past}>
          <Chat line={line} state={state} files={`/api/support/sessions/${own.lsid}/files`} />
        </div>
      </Section>
    </Page>
  );
}

/** What was seen in the shells of its machine. */
function RecordedShells({ lsid }: { lsid: string }) {
  const shells = useApi(paths.machineShells(lsid), { once: true });
  const items = shells.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title="Recorded shells">
      <Group gap="sm">
        {items.map(({ id }, index) => (
          <Button
            key={id}
            component="a"
            variant="default"
            size="compact-sm"
            leftSection={<IconPlayerPlay size={15} />}
            href={`/console/support/${lsid}/shells/${id}`}
          >
            Shell {index + 1}
          </Button>
        ))}
      </Group>
    </Section>
  );
}
