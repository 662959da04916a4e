import { z } from 'zod';
import { Comment, Name, When } from './words.ts';

const line = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `At most ${most} characters.`)
    .regex(/^[^\p{Cc}]*$/u, 'This is one line.');
const filledIn = (known: readonly string[]) => (text: string) =>
  [...text.matchAll(/\{([a-z]*)\}/gi)].every(([, name = '']) => known.includes(name));

/** One command of a shell. Secrets are in no command, because lists of processes show them: they come on standard input. */
const Command = line(4_000)
  .min(1, 'Enter a command.')
  .refine((text) => text.includes('{account}'), 'A command names the account: {account}.')
  .refine(filledIn(['account']), 'Only {account} is filled in; secrets come on standard input.');

/** Waits until the system has said `expect`, whatever its case, then types `send` and Enter. */
const DialogueStep = z.strictObject({
  /** Empty: does not wait. */
  expect: line(200),
  send: line(500).refine(
    filledIn(['account', 'password', 'next']),
    'Only {account}, {password} and {next} are filled in.',
  ),
});
const said = (error: string) => line(200).min(1, error);
const Dialogue = z.strictObject({
  steps: z.array(DialogueStep).min(1, 'Enter at least one step.').max(40, 'At most 40 steps.'),
  /** What the system says when it went well. */
  succeeded: said('Enter what the system says when it went well.'),
  /** What it says when it refuses the password; empty: nothing that could be told from other failures. */
  refused: line(200),
});
const sends = ({ steps }: z.infer<typeof Dialogue>, name: string) => steps.some(({ send }) => send.includes(name));

const Commands = z.strictObject({
  how: z.literal('commands'),
  /** Reads the password. Ends with 0 where it is right, with `refusedCode` where it is wrong. Null: by signing in with it. */
  verify: Command.nullable(),
  /** Reads the present password (an empty line where it is not known), then the next one. Ends with 0 when it was set. */
  change: Command,
  refusedCode: z
    .number()
    .int()
    .min(1, 'A code of a refusal is 1 to 255.')
    .max(255, 'A code of a refusal is 1 to 255.')
    .default(1),
});
const Dialogues = z.strictObject({
  how: z.literal('dialogue'),
  /** Null: by signing in with it. */
  verify: Dialogue.refine((dialogue) => sends(dialogue, '{password}'), {
    ...{ path: ['steps'], error: 'One step sends the password: {password}.' },
  }).nullable(),
  change: Dialogue.refine((dialogue) => sends(dialogue, '{next}'), {
    ...{ path: ['steps'], error: 'One step sends the new password: {next}.' },
  }),
});

/**
 * How passwords of a kind of system that the vault does not know are verified and changed over SSH: by commands whose
 * secrets come on standard input, or by what is typed on a terminal. `{account}` becomes the name of the account (in
 * commands as one quoted word), `{password}` the present password, `{next}` the new one.
 */
export const CustomRules = z.discriminatedUnion('how', [Commands, Dialogues]);

/**
 * GET /api/platforms → list(CustomPlatform); POST /api/platforms CustomPlatformInput → CustomPlatform;
 * GET, PUT, DELETE /api/platforms/:platformId (all system-administrator)
 */
export const CustomPlatformInput = z.strictObject({
  /** Also the namespace of its accounts, in brackets: `[Radio]`. */
  name: Name.max(60, 'At most 60 characters.').regex(/^[^[\]\\]+$/, 'Without brackets and backslashes.'),
  comment: Comment.default(''),
  rules: CustomRules,
});
export const CustomPlatform = z.object({
  platformId: z.uuid(),
  name: z.string(),
  comment: z.string(),
  rules: CustomRules,
  /** How many have it. */
  systems: z.number().int(),
  createdAt: When,
});
