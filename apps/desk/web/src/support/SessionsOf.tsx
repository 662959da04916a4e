import { EmptyState, Loaded, RelativeTime, Tag, type Tone, useApi } from '@gatehouse/ui';
import type { Detail } from './paths.ts';
import { supportPaths } from './paths.ts';
import classes from './Support.module.css';

/** The support sessions of one ticket, newest first. */
export function SessionsOf({ connectionId, ticketId }: { connectionId: string; ticketId: string }) {
  const list = useApi(supportPaths.sessions({ connectionId, ticketId }), { every: 10_000 });
  return (
    <Loaded query={list} rows={2}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title="No support session yet">
            Once the customer has entered the key, the session appears here by itself.
          </EmptyState>
        ) : (
          <SessionRows rows={items} isNarrow />
        )
      }
    </Loaded>
  );
}

export function SessionRows({ rows, isNarrow = false }: { rows: readonly Detail[]; isNarrow?: boolean }) {
  return (
    <ul className={classes.list} aria-label="Support sessions" data-narrow={isNarrow ? 'true' : undefined}>
      {rows.map((row) => (
        <li key={`${row.connectionId} ${row.lsid}`} className={classes.row}>
          <a className={classes.lead} href={`/support/${row.connectionId}/${row.lsid}`}>
            {row.customer || row.lsid.slice(0, 8)}
          </a>
          {isNarrow ? null : (
            <>
              <span className={classes.quiet}>{row.representative}</span>
              <span className={classes.quiet}>{row.ticketNumber ?? row.externalKey}</span>
            </>
          )}
          <span className={classes.quiet}>
            <RelativeTime at={row.beganAt ?? row.firstHeardAt} />
          </span>
          <StateTag session={row} />
        </li>
      ))}
    </ul>
  );
}

const states: Readonly<Record<Detail['state'], readonly [Tone, string]>> = {
  ...{ unknown: ['medium', 'Being read'], open: ['good', 'Going on'], ended: ['quiet', 'Ended'] },
};
const outcomes: Readonly<Record<Detail['outcome'], readonly [Tone, string] | null>> = {
  ...{ new: null, attached: null, created: null, ignored: ['quiet', 'No ticket'] },
  ...{ unmatched: ['medium', 'Ticket not found'], gone: ['high', 'Ticket is gone'] },
};

export function StateTag({ session: { state, outcome, deadAt } }: { session: Detail }) {
  const [tone, word] = deadAt === null ? (outcomes[outcome] ?? states[state]) : (['critical', 'Given up'] as const);
  return <Tag tone={tone}>{word}</Tag>;
}
