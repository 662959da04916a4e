import { formatTime } from '@gatehouse/ui';
import { ActionIcon, Button, FileButton, Textarea } from '@mantine/core';
import { IconFile, IconPaperclip, IconSend2 } from '@tabler/icons-react';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { LiveEvent, LiveSession } from '../../../src/api/live.ts';
import { sizeOf } from '../console/file-paths.ts';
import { Uploads, useUploads } from '../console/Uploads.tsx';
import classes from './Chat.module.css';
import type { LiveLine, LiveState } from './live-line.ts';
import { sentenceOf } from './sentences.ts';

interface ChatProps {
  line: LiveLine;
  state: LiveState;
  /** Where files of the session are, without the last part of the address. */
  files: string;
  /** Left out: they may. */
  maySendFiles?: boolean;
  /** Beside the button that sends: canned messages. */
  tools?: (insert: (text: string) => void) => ReactNode;
}

/** What was said and sent, and where more is. */
export function Chat({ line, state, files, maySendFiles = true, tools }: ChatProps) {
  const { session, events, pending, typing, you } = state;
  const uploads = useUploads(() => undefined);
  const [isOver, setOver] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    // Whoever reads what was said before is not taken away from it.
    if (list.current !== null && isAtEnd.current) list.current.scrollTop = list.current.scrollHeight;
  }, [events.length, pending.length]);
  if (session === null) return null;
  const isDone = state.link === 'over';
  const takesFiles = maySendFiles && !isDone;
  const send = (chosen: readonly File[]) => {
    for (const file of chosen) uploads.send(`${files}?${new URLSearchParams({ name: file.name })}`, file.name, file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (takesFiles) send([...event.dataTransfer.files]);
  };
  return (
    <section
      className={classes.chat}
      aria-label="Chat"
      data-over={isOver ? 'true' : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(takesFiles);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div
        ref={list}
        className={classes.messages}
        role="log"
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 60;
        }}
      >
        {events.map((event) => (
          <Entry key={event.seq} event={event} session={session} you={you} files={files} />
        ))}
        {pending.map(({ id, text, refused }) => (
          <div key={id} className={classes.message} data-own="true" data-pending="true">
            <p>{text}</p>
            {refused === null ? (
              <span className={classes.when}>Sending…</span>
            ) : (
              <span className={classes.refused} role="alert">
                {refused}{' '}
                <button type="button" onClick={() => line.forget(id)}>
                  Dismiss
                </button>
              </span>
            )}
          </div>
        ))}
      </div>
      <Uploads uploads={uploads} />
      <p className={classes.typing} aria-live="polite">
        {typing.length === 0 ? '' : `${typing.map((one) => nameIn(session, one)).join(', ')} is writing…`}
      </p>
      {isDone ? null : <Composer line={line} onFiles={maySendFiles ? send : null} tools={tools} />}
    </section>
  );
}

function Composer({
  line,
  onFiles,
  tools,
}: {
  line: LiveLine;
  /** Null: they may send none. */
  onFiles: ((files: readonly File[]) => void) | null;
  tools: ChatProps['tools'];
}) {
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const send = () => {
    if (text.trim() === '') return;
    line.say(text.trim());
    setText('');
    field.current?.focus();
  };
  const insert = (words: string) => {
    setText((before) => (before === '' ? words : `${before} ${words}`));
    field.current?.focus();
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        ref={field}
        aria-label="Message"
        placeholder="Write a message"
        autosize
        minRows={1}
        maxRows={6}
        maxLength={10_000}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          line.write();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <div className={classes.tools}>
        {onFiles === null ? null : (
          <FileButton multiple onChange={onFiles}>
            {(props) => (
              <ActionIcon {...props} aria-label="Send files" title="Send files">
                <IconPaperclip size={17} />
              </ActionIcon>
            )}
          </FileButton>
        )}
        {tools?.(insert)}
        <Button
          type="submit"
          size="compact-sm"
          className={classes.send ?? ''}
          leftSection={<IconSend2 size={15} />}
          disabled={text.trim() === ''}
        >
          Send
        </Button>
      </div>
    </form>
  );
}

function Entry({ event, session, you, files }: { event: LiveEvent; session: LiveSession; you: number; files: string }) {
  const { type, performedBy, at, body } = event;
  const isOwn = performedBy === you;
  if (type === 'chat_message')
    return (
      <div className={classes.message} data-own={isOwn ? 'true' : undefined}>
        <span className={classes.who}>
          {isOwn ? 'You' : performedBy === null ? String(body.by ?? 'Site') : nameIn(session, performedBy)}
          <time className={classes.when} dateTime={at} title={formatTime(new Date(at))}>
            {clockOf(at)}
          </time>
        </span>
        <p>{String(body.text)}</p>
      </div>
    );
  if (type === 'file_sent')
    return (
      <div className={classes.message} data-own={isOwn ? 'true' : undefined} data-file="true">
        <span className={classes.who}>
          {isOwn ? 'You' : nameIn(session, performedBy)}
          <time className={classes.when} dateTime={at}>
            {clockOf(at)}
          </time>
        </span>
        <a href={`${files}/${String(body.file)}`} download={String(body.name)} className={classes.file}>
          <IconFile size={17} aria-hidden="true" />
          <span>{String(body.name)}</span>
          <span className={classes.when}>{sizeOf(Number(body.size))}</span>
        </a>
      </div>
    );
  const words = sentenceOf(event, (gsnumber) => (gsnumber === you ? 'You' : nameIn(session, gsnumber)));
  if (words === null) return null;
  return (
    <p className={classes.event} data-note={type === 'note_added' ? 'true' : undefined}>
      {words} <time dateTime={at}>{clockOf(at)}</time>
    </p>
  );
}

const nameIn = ({ participants }: LiveSession, gsnumber: number | null): string =>
  participants.find((one) => one.gsnumber === gsnumber)?.name || 'Customer';

const clockOf = (at: string) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
