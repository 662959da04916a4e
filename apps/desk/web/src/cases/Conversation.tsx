import { EmptyState, Loaded, RelativeTime, Section, Tag, useApi } from '@gatehouse/ui';
import { Button, Group } from '@mantine/core';
import { IconLock, IconMail, IconMessages, IconScreenShare, IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { type CaseNote, type List, paths, type WholeCase } from '../api/paths.ts';
import { SafeHtml } from '../parts/SafeHtml.tsx';
import classes from './Case.module.css';
import { NoteForm } from './NoteForm.tsx';

const atOnce = 100;

/** What was said about a case, oldest first, and a place to say more. */
export function Conversation({ one, isDesk }: { one: WholeCase; isDesk: boolean }) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const [isWaiting, setWaiting] = useState(false);
  // Soon, while somebody looks whether an answer has gone out.
  const first = useApi(paths.notes(one.number, { limit: String(atOnce) }), { every: isWaiting ? 10_000 : 30_000 });
  const waits = first.data?.items.some(({ mail }) => mail?.state === 'waiting') === true;
  if (waits !== isWaiting) setWaiting(waits);
  const isClosed = one.status === 'closed';
  return (
    <Section
      title="Conversation"
      lead={isDesk ? 'Internal notes are for the desk alone; public ones are for the customer as well.' : undefined}
    >
      <Loaded query={first} rows={3} height={60}>
        {(page) => (
          <>
            {page.items.length === 0 ? (
              <EmptyState icon={<IconMessages size={28} stroke={1.5} />} title="Nothing was said yet" />
            ) : (
              <Notes page={page} isDesk={isDesk} />
            )}
            {cursors.map((cursor) => (
              <Further key={cursor} number={one.number} cursor={cursor} isDesk={isDesk} />
            ))}
            <More page={page} cursors={cursors} number={one.number} onMore={(next) => setCursors([...cursors, next])} />
          </>
        )}
      </Loaded>
      {isClosed && !isDesk ? null : <NoteForm key={one.id} number={one.number} isDesk={isDesk} />}
    </Section>
  );
}

interface MoreProps {
  page: List<CaseNote>;
  cursors: readonly string[];
  number: string;
  onMore(cursor: string): void;
}

/** A long conversation is shown in parts. */
function More({ page, cursors, number, onMore }: MoreProps) {
  const last = cursors.at(-1);
  const query = { limit: String(atOnce), cursor: last ?? '' };
  const shown = useApi(paths.notes(number, query), { enabled: last !== undefined });
  const next = last === undefined ? page.next : (shown.data?.next ?? null);
  if (next === null) return null;
  return (
    <Group justify="center" mt="md">
      <Button variant="default" onClick={() => onMore(next)}>
        Show later notes
      </Button>
    </Group>
  );
}

function Further({ number, cursor, isDesk }: { number: string; cursor: string; isDesk: boolean }) {
  const page = useApi(paths.notes(number, { limit: String(atOnce), cursor }));
  return (
    <Loaded query={page} rows={3} height={60}>
      {(found) => <Notes page={found} isDesk={isDesk} />}
    </Loaded>
  );
}

function Notes({ page, isDesk }: { page: List<CaseNote>; isDesk: boolean }) {
  return (
    <ol className={classes.notes} aria-label="Notes">
      {page.items.map((note) => (
        <Note key={note.id} note={note} isDesk={isDesk} />
      ))}
    </ol>
  );
}

const mailWords = {
  waiting: { tone: 'quiet', words: 'Mail waits' },
  sent: { tone: 'good', words: 'Mailed' },
  failed: { tone: 'critical', words: 'Not mailed' },
} as const;

/** How far the mail of an answer is, for the desk. */
function MailTag({ mail: { state, problem } }: { mail: NonNullable<CaseNote['mail']> }) {
  const { tone, words } = mailWords[state];
  return (
    <Tag tone={tone} icon={<IconMail size={13} />} {...(problem === '' ? {} : { title: problem })}>
      {words}
    </Tag>
  );
}

function Note({ note, isDesk }: { note: CaseNote; isDesk: boolean }) {
  const { visibility, title, html, author, writtenAt, minutes, session, mail } = note;
  const isPublic = visibility === 'public';
  return (
    <li className={classes.note} data-public={isPublic ? true : undefined}>
      <div className={classes.head}>
        <span className={classes.author}>{author}</span>
        <span className={classes.when}>
          <RelativeTime at={writtenAt} />
        </span>
        {isDesk ? (
          <Tag tone={isPublic ? 'good' : 'quiet'} icon={isPublic ? <IconWorld size={13} /> : <IconLock size={13} />}>
            {isPublic ? 'Public' : 'Internal'}
          </Tag>
        ) : null}
        {session === null ? null : (
          <Tag tone="low" icon={<IconScreenShare size={13} />} title={`Session ${session.session}, ${session.part}`}>
            Support session
          </Tag>
        )}
        {mail === null ? null : <MailTag mail={mail} />}
        {minutes === 0 ? null : <span className={classes.when}>{minutes} min</span>}
      </div>
      {title === '' ? null : <div className={classes.title}>{title}</div>}
      <SafeHtml html={html} />
    </li>
  );
}
