import { type Problem, send, toProblem, useRefresh } from '@gatehouse/ui';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { SessionInput } from '../../../src/api/console.ts';
import { type ItemDetail, paths, type Session } from '../api/paths.ts';

type Input = z.input<typeof SessionInput>;
type AsWhom = Input['credential'];
export type Prompt = 'reason' | 'ticket' | 'code';

/** What a person says about a session before it begins, and the way into it. */
export interface Opening {
  readonly reason: string;
  readonly ticket: string;
  readonly code: string;
  change(prompt: Prompt, value: string): void;
  /** Words beside each prompt that lacks something. */
  readonly errors: Readonly<Partial<Record<Prompt, string>>>;
  /** Whether prompts are given; what is missing is named, and gets the cursor. */
  check(prompts?: readonly Prompt[]): boolean;
  open(asWhom: AsWhom): void;
  readonly busy: AsWhom | null;
  /** Joins a session of somebody else, with what is said here. */
  join(sessionId: string): void;
  readonly joining: string | null;
  /** Not of a prompt. */
  readonly problem: Problem | null;
  /** False while an approval is missing. */
  readonly isAllowed: boolean;
}

// Until the page is loaded anew: whoever works on one thing opens several sessions for it.
const said = { reason: '', ticket: '' };

export const useOpening = (item: ItemDetail): Opening => {
  const { history } = useRouter();
  const refresh = useRefresh();
  const [values, setValues] = useState({ ...said, code: '' });
  const [missing, setMissing] = useState<readonly Prompt[]>([]);
  const begin = useMutation({
    mutationFn: (input: Input) => send<Session>('POST', '/api/console/sessions', input),
    onSuccess: ({ id }) => {
      void refresh('/api/console');
      history.push(`/console/sessions/${id}`);
    },
    // What stands in the way may be a condition that changed.
    onError: () => void refresh(paths.consoleItem(item.type, item.id), paths.credentials(item.type, item.id)),
  });
  const enter = useMutation({
    mutationFn: (id: string) =>
      send<Session>('POST', `${paths.ownSession(id)}/join`, {
        ...{ reason: values.reason, ticket: values.ticket, code: values.code },
      }),
    onSuccess: ({ id }) => history.push(`/console/sessions/${id}`),
    onError: () => void refresh(paths.consoleItem(item.type, item.id)),
  });
  const error = begin.error ?? enter.error;
  const failed = error === null ? null : toProblem(error);
  const asked = promptsOf(item);
  const check = (prompts: readonly Prompt[] = asked) => {
    const empty = prompts.filter((prompt) => values[prompt].trim() === '');
    setMissing(empty);
    if (empty[0] !== undefined) document.getElementById(`prompt-${empty[0]}`)?.focus();
    return empty.length === 0;
  };
  const errors = Object.fromEntries(
    (['reason', 'ticket', 'code'] as const).flatMap((prompt) => {
      const words = missing.includes(prompt) ? sentences[prompt] : failed?.fields[prompt];
      return words === undefined ? [] : [[prompt, words]];
    }),
  );
  return {
    ...values,
    ...{ errors, check },
    change(prompt, value) {
      if (prompt !== 'code') said[prompt] = value;
      setValues((before) => ({ ...before, [prompt]: value }));
      setMissing((before) => before.filter((one) => one !== prompt));
    },
    open(asWhom) {
      if (!check()) return;
      enter.reset();
      begin.mutate({
        item: { type: item.type, id: item.id },
        credential: asWhom,
        ...{ reason: values.reason, ticket: values.ticket, code: values.code },
      });
    },
    join(sessionId) {
      if (!check()) return;
      begin.reset();
      enter.mutate(sessionId);
    },
    joining: enter.isPending || enter.isSuccess ? (enter.variables ?? null) : null,
    busy: begin.isPending || begin.isSuccess ? (begin.variables?.credential ?? null) : null,
    problem: failed !== null && Object.keys(failed.fields).length === 0 ? failed : null,
    isAllowed: ['not-needed', 'approved'].includes(item.conditions.approval.state),
  };
};

const sentences: Readonly<Record<Prompt, string>> = {
  reason: 'Say why you need this session.',
  ticket: 'Enter the number of the ticket.',
  code: 'Enter the code that your authenticator app shows.',
};

/** What the conditions of an endpoint ask of its person. */
export const promptsOf = ({ conditions }: ItemDetail): readonly Prompt[] => [
  ...(conditions.reasonRequired ? (['reason'] as const) : []),
  ...(conditions.ticketRequired ? (['ticket'] as const) : []),
  ...(conditions.secondFactorRequired ? (['code'] as const) : []),
];
