import type { AnyAuthMethod, AuthenticationType, Client, NextAuthHandler, ParsedKey, Prompt } from 'ssh2';
import type { SshProof } from './ssh.ts';
import type { SshFault, SshFaults } from './ssh-faults.ts';

/** How far the sign-in has come, and what it has heard: what a failure means follows from both. */
export interface SignIn {
  /** For `authHandler` of the client: which way to try next. */
  readonly next: (left: AuthenticationType[] | null, partial: boolean | null, go: NextAuthHandler) => void;
  /** Rejects nothing by itself: what the failure of a sign-in means, once there is one. */
  failure(cause: string): SshFault;
  /** Whether the proof was shown at all; a host that lets in without has proved nothing. */
  isShown(): boolean;
  /** Banners, instructions and prompts so far. */
  said(): string;
}

/** The most questions of one sign-in, so that a host cannot ask for ever. */
const mostRounds = 10;
const mostSaid = 4_000;

/**
 * Shows the proof once, in the first way that the host takes: a second try in another way would count as a second wrong
 * password and may lock the account. `giveUp` ends the connection.
 */
export const createSignIn = (of: {
  client: Client;
  account: string;
  proof: SshProof;
  /** Where the proof is a key, what was read of it. */
  key: ParsedKey | null;
  faults: SshFaults;
  giveUp(fault: SshFault): void;
}): SignIn => {
  const { client, account, proof, key, faults, giveUp } = of;
  let said = '';
  // What concerns this account: the banner before a sign-in is for everybody, and may well speak of locked accounts.
  let heard = '';
  let isShown = false;
  let rounds = 0;
  let offered: readonly string[] = [];
  let wasPartial = false;
  const tried = new Set<string>();

  const hear = (text: string, isOurs: boolean) => {
    if (text.trim() === '') return;
    said = `${said}${said === '' ? '' : '\n'}${text.trim()}`.slice(0, mostSaid);
    if (isOurs) heard = `${heard}\n${text.trim()}`.slice(0, mostSaid);
  };

  const ask = async (instructions: string, prompts: readonly Prompt[], finish: (answers: string[]) => void) => {
    hear([instructions, ...prompts.map(({ prompt }) => prompt)].join('\n'), true);
    if (proof.kind === 'password' && !isShown && prompts.length === 1 && prompts[0]?.echo !== true) {
      if (problemIn(heard) === 'locked') return giveUp(faults.of('locked', said));
      isShown = true;
      return finish([proof.password.reveal()]);
    }
    rounds += 1;
    const question = {
      round: rounds,
      instructions,
      prompts: prompts.map(({ prompt, echo }) => ({ text: prompt, isHidden: echo !== true })),
    };
    const answerer = proof.kind === 'password' && isShown && rounds <= mostRounds ? proof.answer : undefined;
    const answers = (await answerer?.(question)) ?? null;
    if (answers === null || answers.length !== prompts.length)
      return giveUp(faults.of(problemIn(heard) ?? 'question', said));
    finish(answers.map((answer) => answer.reveal()));
  };

  client.on('banner', (text) => hear(text, isShown));
  client.on('change password', (prompt, done) => {
    void ask('', [{ prompt, echo: false }], ([answer = '']) => done(answer)).catch((error: unknown) =>
      giveUp(faults.of('question', String(error))),
    );
  });

  const method = (type: string): AnyAuthMethod | null => {
    const username = account;
    if (proof.kind === 'key') {
      if (type !== 'publickey' || key === null) return null;
      isShown = true;
      return { type: 'publickey', username, key };
    }
    if (type === 'keyboard-interactive')
      return {
        ...{ type: 'keyboard-interactive', username },
        prompt: (_name, instructions, _language, prompts, finish) => {
          void ask(instructions, prompts, finish).catch((error: unknown) =>
            giveUp(faults.of('question', String(error))),
          );
        },
      };
    if (type !== 'password') return null;
    isShown = true;
    return { type: 'password', username, password: proof.password.reveal() };
  };

  const ways = proof.kind === 'key' ? ['publickey'] : ['keyboard-interactive', 'password'];

  const failure = (cause: string): SshFault => {
    const problem = problemIn(heard);
    const detail = `${cause}${said === '' ? '' : `; it said: ${said}`}`;
    if (wasPartial) return faults.of('question', detail);
    if (cause !== refusal) return faults.of(isShown ? (problem ?? 'closed') : 'no connection', detail);
    if (!isShown) return faults.of('no method', `${detail}; it offers ${offered.slice(0, 10).join(', ')}`);
    return faults.of(problem ?? 'refused', detail);
  };

  return {
    failure,
    isShown: () => isShown,
    said: () => said,
    next(left, partial, go) {
      if (left === null) return go({ type: 'none', username: account });
      offered = left;
      wasPartial ||= partial === true;
      // A question that was answered and refused is a refusal: not one more try.
      const way = isShown ? undefined : ways.find((one) => left.includes(one as AuthenticationType) && !tried.has(one));
      const chosen = way === undefined ? null : method(way);
      if (way !== undefined) tried.add(way);
      if (chosen === null) giveUp(failure(refusal));
      else go(chosen);
    },
  };
};

/** What a `failure` is called when the host said no in due form. */
export const refusal = 'the sign-in was refused';

/**
 * SSH has no codes for these: OpenSSH's own sentences and those of PAM's modules, which speak the language of the
 * host's SSH server, nearly always English. What is not recognised stays an ordinary refusal.
 */
const problemIn = (said: string): 'locked' | 'expired' | 'account' | null => {
  if (/account is (?:temporarily )?locked|locked due to|account (?:has been )?locked/i.test(said)) return 'locked';
  if (/required to change your password|password (?:has |is )?expired|must change your password/i.test(said))
    return 'expired';
  if (/account has expired|account is (?:not available|disabled)|account expired/i.test(said)) return 'account';
  return null;
};
