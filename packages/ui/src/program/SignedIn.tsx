import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { ErrorState } from '../states.tsx';
import { sessionPath, useApi } from './client.ts';
import { PersonContext, useProgram } from './program.ts';

/** Around every page of a person who is signed in; who is not goes to sign in and comes back. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useApi(sessionPath, { every: 300_000 });
  const { go, home } = useProgram();
  const here = useLocation({ select: ({ href }) => href });
  const isOut = session.data !== undefined && session.data.person === null;
  useEffect(() => {
    // Once: until the page of signing in is there, this frame lives on, and `here` is that page already.
    if (isOut) go(`/sign-in${here === home.href ? '' : `?${new URLSearchParams({ next: here })}`}`, { replace: true });
  }, [isOut]);
  if (session.error !== null && session.data === undefined)
    return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  const person = session.data?.person ?? null;
  return person === null ? null : <PersonContext value={person}>{children}</PersonContext>;
}
