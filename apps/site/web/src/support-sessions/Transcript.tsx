import { formatTime, Notice, Section } from '@gatehouse/ui';
import { SegmentedControl, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { WholeSession } from '../api/paths.ts';
import { endWords, sentenceOf } from '../support/sentences.ts';
import classes from './Transcript.module.css';
import type { SupportEvent } from './use-events.ts';

interface TranscriptProps {
  session: WholeSession;
  events: readonly SupportEvent[];
  /** False: there is more than what is shown. */
  isWhole: boolean;
}

const views = [
  { value: 'all', label: 'Everything' },
  { value: 'chat_message', label: 'Chat' },
  { value: 'note_added', label: 'Notes' },
];
const nothing: Readonly<Record<string, string>> = {
  all: 'Nothing happened yet.',
  chat_message: 'Nothing was said.',
  note_added: 'Nobody noted anything.',
};

/** What was said, noted and done, in its order. */
export function Transcript({ session, events, isWhole }: TranscriptProps) {
  const [view, setView] = useState('all');
  const names = new Map(session.participants.map(({ gsnumber, name }) => [gsnumber, name]));
  const nameOf = (gsnumber: number) => names.get(gsnumber) ?? 'Somebody';
  const shown = events
    .filter(({ type }) => view === 'all' || type === view)
    .flatMap((event) => {
      const words = wordsOf(event, nameOf);
      return words === null ? [] : [{ event, words }];
    });
  const { chatAt } = session.removed;
  return (
    <Section
      title="What happened"
      actions={<SegmentedControl size="xs" aria-label="What is shown" data={views} value={view} onChange={setView} />}
    >
      {chatAt === null || view === 'note_added' ? null : (
        <Notice tone="low">
          What was said is not kept any more: the retention removed it, {formatTime(new Date(chatAt))}.
        </Notice>
      )}
      {shown.length === 0 ? (
        <Text c="dimmed" size="sm">
          {nothing[view]}
        </Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
        <ol className={classes.log} aria-label="What happened" tabIndex={0}>
          {shown.map(({ event, words }) => (
            <li key={event.seq} className={classes.entry}>
              <time className={classes.when} dateTime={event.at} title={formatTime(new Date(event.at))}>
                {timeOfDay.format(new Date(event.at))}
              </time>
              {words}
            </li>
          ))}
        </ol>
      )}
      {isWhole ? null : (
        <Text c="dimmed" size="sm" mt="sm">
          There is more: programs read all of it from the Reporting API.
        </Text>
      )}
    </Section>
  );
}

const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

const wordsOf = (event: SupportEvent, nameOf: (gsnumber: number) => string): ReactNode => {
  const { type, performedBy, body } = event;
  const who = performedBy === null ? String(body.by ?? 'The site') : nameOf(performedBy);
  const quiet = (sentence: string | null) => (sentence === null ? null : <p className={classes.quiet}>{sentence}</p>);
  switch (type) {
    case 'chat_message':
    case 'note_added':
      return (
        <p>
          <span className={classes.who}>
            {who}
            {type === 'note_added' ? ', note' : ''}:
          </span>{' '}
          {String(body.text)}
        </p>
      );
    case 'begun':
      return quiet('The customer began to wait.');
    case 'owner_changed':
      return quiet(
        typeof body.owner === 'number' ? `${nameOf(body.owner)} has the session.` : 'Nobody has the session.',
      );
    case 'file_sent':
      return quiet(`${who} sent ${String(body.name)}.`);
    case 'ended':
      return quiet(endWords(typeof body.reason === 'string' ? body.reason : null));
    default:
      return quiet(sentenceOf(event, nameOf));
  }
};
