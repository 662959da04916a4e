import { count, EmptyState, Loaded, SearchBox, useApi } from '@gatehouse/ui';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import classes from './Recording.module.css';

/** Words that were on the screen, and the way to the moment they were. */
export function RecordingSearch({ id, onGo }: { id: string; onGo(atMs: number): void }) {
  const [query, setQuery] = useState('');
  const hits = useApi(paths.hits(id, query), { enabled: query !== '' });
  return (
    <section aria-label="Search in the recording" className={classes.search}>
      <SearchBox label="Search in the recording" value={query} onSearch={setQuery} />
      {query === '' ? (
        <p className={classes.dim}>Finds what was on the screen, and goes to that moment.</p>
      ) : (
        <Loaded query={hits} rows={3}>
          {({ items, truncated }) =>
            items.length === 0 ? (
              <EmptyState title="It was never on the screen" />
            ) : (
              <>
                <p className={classes.dim} role="status">
                  {truncated ? `The first ${items.length} places` : count(items.length, 'place')}
                </p>
                <ol className={classes.hits} aria-label="Places">
                  {items.map(({ atMs, line }, index) => (
                    <li key={`${index} ${atMs}`}>
                      <button type="button" onClick={() => onGo(atMs)}>
                        <b>{clockOf(atMs)}</b>
                        <code>{line}</code>
                      </button>
                    </li>
                  ))}
                </ol>
              </>
            )
          }
        </Loaded>
      )}
    </section>
  );
}

/** "1:02:03" */
const clockOf = (ms: number): string => {
  const seconds = Math.floor(ms / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
};
