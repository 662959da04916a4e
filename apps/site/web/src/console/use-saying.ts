import type { Problem } from '@gatehouse/ui';
import { useState } from 'react';
import type { Conditions } from '../../../src/api/console.ts';

export type Prompt = 'reason' | 'ticket' | 'code';
export type Said = Readonly<Record<Prompt, string>>;

/** What a person says before a session begins. */
export interface Saying {
  readonly said: Said;
  change(prompt: Prompt, value: string): void;
  /** Words beside each prompt that lacks something. */
  readonly errors: Readonly<Partial<Record<Prompt, string>>>;
  /** Whether prompts are given; what is missing is named, and gets the cursor. */
  check(prompts?: readonly Prompt[]): boolean;
  /** Why it did not begin, where that is about no prompt. */
  readonly problem: Problem | null;
  /** False while an approval is missing. */
  readonly isAllowed: boolean;
}

// Until the page is loaded anew: whoever works on one thing opens several sessions for it.
const saidBefore = { reason: '', ticket: '' };

export const useSaying = (
  conditions: Conditions,
  failed: Problem | null,
  /** That it is for, where it is known already. */
  ticket = '',
): Saying => {
  const [said, setSaid] = useState<Said>({ ...saidBefore, code: '', ...(ticket !== '' && { ticket }) });
  const [missing, setMissing] = useState<readonly Prompt[]>([]);
  const errors = Object.fromEntries(
    prompts.flatMap((prompt) => {
      const words = missing.includes(prompt) ? sentences[prompt] : failed?.fields[prompt];
      return words === undefined ? [] : [[prompt, words]];
    }),
  );
  return {
    ...{ said, errors },
    change(prompt, value) {
      if (prompt !== 'code') saidBefore[prompt] = value;
      setSaid((before) => ({ ...before, [prompt]: value }));
      setMissing((before) => before.filter((one) => one !== prompt));
    },
    check(wanted = promptsOf(conditions)) {
      const empty = wanted.filter((prompt) => said[prompt].trim() === '');
      setMissing(empty);
      if (empty[0] !== undefined) document.getElementById(`prompt-${empty[0]}`)?.focus();
      return empty.length === 0;
    },
    problem: failed !== null && Object.keys(failed.fields).length === 0 ? failed : null,
    isAllowed: isApproved(conditions),
  };
};

const prompts = ['reason', 'ticket', 'code'] as const;
const sentences: Said = {
  reason: 'Say why you need this session.',
  ticket: 'Enter the number of the ticket.',
  code: 'Enter the code that your authenticator app shows.',
};

/** What conditions ask of a person. */
export const promptsOf = (conditions: Conditions): readonly Prompt[] => [
  ...(conditions.reasonRequired ? (['reason'] as const) : []),
  ...(conditions.ticketRequired ? (['ticket'] as const) : []),
  ...(conditions.secondFactorRequired ? (['code'] as const) : []),
];

/** Whether no approval is missing. */
export const isApproved = ({ approval }: Conditions): boolean => ['not-needed', 'approved'].includes(approval.state);
