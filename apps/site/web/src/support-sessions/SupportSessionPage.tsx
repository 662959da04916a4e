import {
  CopyField,
  type Fact,
  Facts,
  formatDuration,
  formatTime,
  Loaded,
  Page,
  Section,
  useApi,
  useCrumbs,
  useParam,
} from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { type Item, paths, type WholeSession } from '../api/paths.ts';
import { Hold } from '../sessions/Hold.tsx';
import { SessionTrail } from '../sessions/SessionTrail.tsx';
import { endWords } from '../support/sentences.ts';
import { EndSession } from './EndSession.tsx';
import { Files } from './Files.tsx';
import { Participants } from './Participants.tsx';
import { Shells } from './Shells.tsx';
import { Surveys } from './Surveys.tsx';
import { SystemInformation } from './SystemInformation.tsx';
import { Transcript } from './Transcript.tsx';
import { useEvents } from './use-events.ts';
import { priorities, SupportTag, tookOf } from './words.tsx';

/** One support session: who was there, what was said, sent and shown, and what is written about it. */
export function SupportSessionPage() {
  const lsid = useParam('id');
  const session = useApi(paths.anySupport(lsid), { every: 10_000 });
  useCrumbs(
    { title: 'Support sessions', href: '/login/support-sessions' },
    { title: session.data?.customer || 'Session' },
  );
  return (
    <Loaded query={session} rows={4} height={60}>
      {(found) => <Detail session={found} />}
    </Loaded>
  );
}

function Detail({ session }: { session: WholeSession }) {
  const { lsid, customer, beganAt, queueName, correlationId } = session;
  const { events, isWhole } = useEvents(session);
  const fields = useApi(paths.list('/api/custom-fields', { limit: '500' }));
  return (
    <Page
      title={customer || 'Support session'}
      aside={<SupportTag session={session} />}
      actions={session.state === 'ended' ? undefined : <EndSession session={session} />}
      lead={`Remote support · ${queueName} · ${formatTime(new Date(beganAt))}`}
    >
      <Hold address={paths.supportHold(lsid)} sessions={paths.allSupport()} />
      <Section title="Session">
        <Facts facts={factsOf(session, fields.data?.items ?? [])} />
      </Section>
      <Participants session={session} />
      <Transcript session={session} events={events} isWhole={isWhole} />
      <Shells session={session} events={events} />
      <Files session={session} />
      <SystemInformation events={events} />
      <Surveys session={session} events={events} />
      <Section
        title="Audit trail"
        lead="Everything that this site wrote about it, also who looked at it afterwards."
        actions={
          <Button
            component="a"
            size="compact-sm"
            variant="default"
            href={`/login/audit?search=${encodeURIComponent(correlationId)}`}
            leftSection={<IconHistory size={15} />}
          >
            In the audit
          </Button>
        }
      >
        <Stack gap="md">
          <CopyField label="Session id of programs (lsid)" value={lsid} />
          <SessionTrail correlationId={correlationId} />
        </Stack>
      </Section>
    </Page>
  );
}

const factsOf = (session: WholeSession, fields: readonly Item[]): readonly Fact[] => {
  const customer = session.participants.find(({ kind }) => kind === 'customer');
  const nameOf = (codeName: string) =>
    String(fields.find((field) => field.code_name === codeName)?.display_name ?? codeName);
  return [
    { title: 'Ticket', value: session.externalKey || null },
    ...Object.entries(session.attributes).map(([codeName, value]) => ({
      title: nameOf(codeName),
      value: value || null,
    })),
    { title: 'Issue', value: session.issue },
    { title: 'In the words of the customer', value: customer?.issue || null },
    { title: 'Company', value: customer?.company || null },
    { title: 'Priority', value: priorities[session.priority] ?? String(session.priority) },
    { title: 'Queue', value: session.queueName },
    { title: 'Began', value: formatTime(new Date(session.beganAt)) },
    { title: 'Waited', value: formatDuration(waitedOf(session)) },
    { title: 'Ended', value: session.endedAt === null ? null : formatTime(new Date(session.endedAt)) },
    { title: 'Took', value: tookOf(session) },
    { title: 'How it ended', value: session.endedAt === null ? null : endWords(session.endReason) },
  ];
};

const waitedOf = ({ waitedSeconds, waitingSince }: WholeSession): number =>
  waitedSeconds + (waitingSince === null ? 0 : (Date.now() - Date.parse(waitingSince)) / 1_000);
