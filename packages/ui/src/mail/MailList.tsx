import { Button, SegmentedControl } from '@mantine/core';
import { IconMail, IconRefresh } from '@tabler/icons-react';
import classes from '../list/List.module.css';
import { Paging } from '../list/Paging.tsx';
import { usePlace } from '../list/place.ts';
import { useSend } from '../list/use-send.ts';
import { Section } from '../Page.tsx';
import { useApi } from '../program/client.ts';
import { RelativeTime } from '../RelativeTime.tsx';
import { EmptyState, Loaded } from '../states.tsx';
import { Tag } from '../Tag.tsx';
import { type MailItem, mailPaths } from './paths.ts';

const filters = ['state'];
const kinds: Readonly<Record<string, string>> = {
  ...{ reply: 'Answer', 'session-key': 'Session key', transcript: 'What was said' },
  'outbound-alert': 'Alert about outbound events',
  ...{ 'session-notice': 'Notice of a session', approval: 'Approval' },
};
const states = {
  waiting: { tone: 'quiet', words: 'Waits' },
  sent: { tone: 'good', words: 'Sent' },
  failed: { tone: 'critical', words: 'Failed' },
} as const;

/** Mail, newest first: where it went and what came of it, and not what it says. */
export function MailList() {
  const [{ view, picked }, place] = usePlace(filters);
  const list = useApi(mailPaths.mails({ ...picked, cursor: view.cursor ?? '' }), { every: 15_000, keep: true });
  return (
    <Section
      title="Sent and waiting"
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which mail"
          value={picked.state || 'all'}
          onChange={(value) => place({ picked: { state: value === 'all' ? '' : value } })}
          data={[
            { value: 'all', label: 'All' },
            { value: 'waiting', label: 'Waiting' },
            { value: 'failed', label: 'Failed' },
          ]}
        />
      }
    >
      <Loaded query={list} rows={4}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <EmptyState
                icon={<IconMail size={28} stroke={1.5} />}
                title={picked.state ? 'None of these' : 'No mail yet'}
              >
                What is sent from now on appears here, for a month.
              </EmptyState>
            ) : (
              <ul className={classes.plain} aria-label="Mail">
                {items.map((mail) => (
                  <Row key={mail.mailId} mail={mail} />
                ))}
              </ul>
            )}
            <Paging filters={filters} next={next} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Row({ mail: { mailId, kind, recipients, subject, state, madeAt, problem } }: { mail: MailItem }) {
  const retry = useSend({ refresh: ['/api/mails', '/api/mail'], done: 'It is sent again.' });
  const { tone, words } = states[state];
  return (
    <li className={classes.row}>
      <span className={classes.words}>
        <b>{subject}</b>
        <br />
        {kinds[kind] ?? kind} to {recipients.join(', ')}
        {problem === '' ? null : (
          <>
            <br />
            {problem}
          </>
        )}
      </span>
      <span className={classes.quiet}>
        <RelativeTime at={madeAt} />
      </span>
      <span>
        <Tag tone={tone}>{words}</Tag>
      </span>
      {state === 'failed' ? (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconRefresh size={14} />}
          loading={retry.isPending}
          onClick={() => retry.mutate({ method: 'POST', path: `/api/mails/${mailId}/retry` })}
        >
          Send again
        </Button>
      ) : null}
    </li>
  );
}
