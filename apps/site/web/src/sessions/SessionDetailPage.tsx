import {
  CopyField,
  type Fact,
  Facts,
  formatDuration,
  formatTime,
  Loaded,
  Notice,
  Page,
  Section,
  Tag,
  useApi,
  useCrumbs,
} from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { paths, type Session } from '../api/paths.ts';
import { endings, protocols, SessionTag, secondsOf } from '../console/words.tsx';
import { Replay } from '../recordings/Replay.tsx';
import { EndSession } from './EndSession.tsx';
import { Hold } from './Hold.tsx';
import { SessionTrail } from './SessionTrail.tsx';

/** One session of anybody: what it was, what is written about it, and its recording or what happens in it now. */
export function SessionDetailPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const session = useApi(paths.session(id), { every: 5_000 });
  useCrumbs({ title: 'Sessions', href: '/login/sessions' }, { title: session.data?.item.name ?? 'Session' });
  return (
    <Loaded query={session} rows={4} height={60}>
      {(found) => <Detail session={found} />}
    </Loaded>
  );
}

function Detail({ session }: { session: Session }) {
  const { id, item, person, recording, state, problem, correlationId } = session;
  const isLive = state !== 'ended';
  return (
    <Page
      title={`${person.name} on ${item.name}`}
      aside={<SessionTag session={session} />}
      lead={`${protocols[item.type]} · ${item.hostname} · ${formatTime(new Date(session.requestedAt))}`}
      actions={
        <>
          {recording === 'kept' || recording === 'broken' ? (
            <Button
              component="a"
              href={paths.recording(id, { download: 'true' })}
              download
              variant="default"
              leftSection={<IconDownload size={16} />}
            >
              Download the recording
            </Button>
          ) : null}
          {isLive ? <EndSession session={session} /> : null}
        </>
      }
    >
      <Hold address={paths.hold(id)} sessions={paths.sessions()} />
      {problem === null ? null : <Notice tone={session.ending === 'failed' ? 'critical' : 'medium'}>{problem}</Notice>}
      {recording === 'broken' ? (
        <Notice tone="critical" title="The recording broke">
          It could not be written to its end. What was written is kept.
        </Notice>
      ) : null}
      <Section title="Session">
        <Facts facts={factsOf(session)} />
      </Section>
      <Section title={isLive ? 'What happens now' : 'Recording'}>
        <Replay key={String(isLive)} session={session} />
      </Section>
      <Section
        title="Audit trail"
        lead="Everything that this site wrote about it. The same correlation id is in the audit of the ECM and of the vault."
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
          <CopyField label="Correlation id" value={correlationId} />
          <SessionTrail correlationId={correlationId} />
        </Stack>
      </Section>
    </Page>
  );
}

const factsOf = (session: Session): readonly Fact[] => {
  const seconds = secondsOf(session);
  return [
    { title: 'Who', value: <a href={`/login/users/${session.person.userId}`}>{session.person.username}</a> },
    ...(session.participants.length === 0
      ? []
      : [{ title: 'Joined by', value: session.participants.map(joined).join('; ') }]),
    {
      title: 'Endpoint',
      value: <a href={`/login/jump-items/${session.item.type}/${session.item.id}`}>{session.item.name}</a>,
    },
    { title: 'Jump group', value: session.jumpGroup ?? 'Their own' },
    { title: 'Account', value: session.account === '' ? null : session.account },
    { title: 'Credential', value: session.credential ?? 'Typed by the person' },
    { title: 'Reason', value: session.reason === '' ? null : session.reason },
    { title: 'Ticket', value: session.ticket === '' ? null : session.ticket },
    { title: 'Opened', value: session.openedAt === null ? null : formatTime(new Date(session.openedAt)) },
    { title: 'Ended', value: session.endedAt === null ? null : formatTime(new Date(session.endedAt)) },
    { title: 'Took', value: seconds === null ? null : formatDuration(seconds) },
    { title: 'How it ended', value: session.ending === null ? null : endings[session.ending](session) },
    {
      title: 'Host key',
      value:
        session.hostKey === null ? null : (
          <>
            {session.hostKey} {session.hostKeyIsNew ? <Tag tone="medium">First use</Tag> : null}
          </>
        ),
    },
  ];
};

const joined = ({ name, joinedAt, leftAt, reason, ticket }: Session['participants'][number]) =>
  [
    `${name}, ${formatTime(new Date(joinedAt))} to ${leftAt === null ? 'now' : formatTime(new Date(leftAt))}`,
    ...[reason, ticket].filter((one) => one !== ''),
  ].join(', ');
