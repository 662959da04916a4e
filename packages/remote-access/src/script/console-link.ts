import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { refusedWith, type Send } from '../wire/send.ts';
import type { ScriptAction } from './actions.ts';

const Made = z.object({ url: z.url().max(4_000), expires_at: z.iso.datetime() });
const Refused = z.object({
  message: z.string().max(2_000).default(''),
  errors: z.record(z.string(), z.array(z.string())).default({}),
});

/** An address that does one thing, once, for the person that it was made for. */
export interface ConsoleLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/**
 * Has a site make a link that only this representative can use, once. Null: the site makes none, as those that are not
 * Gatehouse's; `consoleAddress` serves there. @throws Fault
 */
export const makeConsoleLink = async (
  send: Send,
  username: string,
  { action, parameters }: ScriptAction,
): Promise<ConsoleLink | null> => {
  const form = new URLSearchParams({ type: 'web_console', operation: 'generate', action, username, ...parameters });
  const answer = await send({
    ...{ method: 'POST', path: '/api/client_script', type: 'application/x-www-form-urlencoded', body: form.toString() },
  }).catch((error: unknown) => {
    // Sites that make no links lead elsewhere or fail; what is wrong with the account is told.
    if (error instanceof Fault && !['unauthorized', 'forbidden', 'throttled'].includes(error.kind)) return null;
    throw error;
  });
  if (answer === null) return null;
  const { status, text } = answer;
  let said: unknown = null;
  try {
    said = JSON.parse(text);
  } catch {
    // Other sites answer a page, or words of their own.
    return null;
  }
  const made = Made.safeParse(said);
  if (status === 201 && made.success) return { url: made.data.url, expiresAt: new Date(made.data.expires_at) };
  const refused = Refused.safeParse(said);
  if (!refused.success || (refused.data.message === '' && Object.keys(refused.data.errors).length === 0))
    throw new Fault('unexpected', 'The site answered no link.', `POST /api/client_script -> ${status}`);
  const errors = Object.values(refused.data.errors).flat();
  throw refusedWith(
    errors.length > 0 ? errors.join(' ') : refused.data.message,
    `client_script ${action} -> ${status}`,
  );
};
