import { useEffect, useState } from 'react';
import { formatAgo, formatTime } from './format.ts';

/** "3 hours ago", the exact time on hover; `none` where there is no time. Follows the clock once a minute. */
export function RelativeTime({ at, none = '—' }: { at: string | null | undefined; none?: string }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((ticks) => ticks + 1), 60_000);
    return () => clearInterval(timer);
  }, []);
  if (at === null || at === undefined) return <span>{none}</span>;
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return <span>{none}</span>;
  return (
    <time dateTime={at} title={formatTime(time)}>
      {formatAgo(time, new Date())}
    </time>
  );
}
