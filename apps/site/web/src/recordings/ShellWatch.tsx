import { Notice, toProblem } from '@gatehouse/ui';
import { useEffect, useRef, useState } from 'react';
import { openTerminal } from '../console/open-terminal.ts';
import classes from './Recording.module.css';
import { readCastLines } from './read-cast.ts';

/** A live terminal as its recording grows; nothing can be typed. */
export function ShellWatch({ source }: { source(): Promise<Response> }) {
  const box = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'live' | 'over'>('live');
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { terminal, feed } = openTerminal(element, { readOnly: true });
    const left = new AbortController();
    const encoder = new TextEncoder();
    const follow = async () => {
      const { body } = await source();
      if (body === null) return;
      left.signal.addEventListener('abort', () => void body.cancel().catch(() => undefined));
      for await (const event of readCastLines(body)) {
        if (left.signal.aborted) return;
        if (event.kind === 'output') feed.write(encoder.encode(event.text));
        else terminal.resize(event.columns, event.rows);
      }
    };
    follow().then(
      () => left.signal.aborted || setState('over'),
      (failure: unknown) => left.signal.aborted || setError(failure),
    );
    return () => {
      left.abort();
      terminal.dispose();
    };
  }, [source]);
  const problem = error === null ? null : toProblem(error);
  return (
    <div className={classes.watching}>
      {problem === null ? null : (
        <Notice tone="critical" title={problem.title} isUrgent>
          {problem.detail}
        </Notice>
      )}
      {state === 'over' ? <Notice tone="low">The session is over.</Notice> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={classes.watch} data-terminal aria-label="What happens in the session" tabIndex={0}>
        <div ref={box} className={classes.watched} data-terminal />
      </section>
    </div>
  );
}
