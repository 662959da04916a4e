import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconInbox, IconLockX, IconMapQuestion, IconPlugX, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { toProblem } from './problem.ts';
import classes from './states.module.css';

interface StateProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  /** Buttons or links: what to do next. */
  actions?: ReactNode;
}

/** Nothing to show, and what to do about it. */
export function EmptyState({ icon = <IconInbox size={28} stroke={1.5} />, title, children, actions }: StateProps) {
  return (
    <div className={classes.state}>
      <span className={classes.icon}>{icon}</span>
      <Text fw={600} component="h2" className={classes.title}>
        {title}
      </Text>
      {children === undefined ? null : (
        <Text c="dimmed" maw={520} component="div">
          {children}
        </Text>
      )}
      {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/** Something failed: says what in the server's words, and offers to try again. Missing and forbidden have pages of their own. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const problem = toProblem(error);
  if (problem.status === 404)
    return (
      <EmptyState icon={<IconMapQuestion size={28} stroke={1.5} />} title="There is nothing at this address">
        It may have been deleted, or you may not have been given access to it.
      </EmptyState>
    );
  if (problem.status === 403)
    return (
      <EmptyState icon={<IconLockX size={28} stroke={1.5} />} title="Your role does not allow this">
        {problem.detail === '' ? 'Ask an administrator of this tenant for a stronger role.' : problem.detail}
      </EmptyState>
    );
  return (
    <div role="alert">
      <EmptyState
        icon={<IconPlugX size={28} stroke={1.5} />}
        title={problem.title}
        actions={
          onRetry === undefined ? undefined : (
            <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={onRetry}>
              Try again
            </Button>
          )
        }
      >
        {problem.detail}
      </EmptyState>
    </div>
  );
}

/** Keeps the room of what is being loaded, so that nothing jumps. */
export function LoadingState({ rows = 6, height = 34 }: { rows?: number; height?: number }) {
  return (
    <Stack gap={8} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={String(row)} height={height} radius="sm" />
      ))}
    </Stack>
  );
}

interface Loadable<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  refetch(): unknown;
}

/** Shows what a query answered, its error with a retry, or the room it will take. */
export function Loaded<T>({
  query,
  rows,
  height,
  children,
}: {
  query: Loadable<T>;
  rows?: number;
  height?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null && query.error !== undefined)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <LoadingState {...(rows === undefined ? {} : { rows })} {...(height === undefined ? {} : { height })} />;
}
