import type { Ssh, SshQuestion } from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import { type ChangeFault, refusedBy, refusedNext } from './change-fault.ts';
import { withoutSecrets } from './proofs.ts';

/** Of one change by the account itself: answers what is asked for, and knows how far it has come. */
export interface PasswdDialogue {
  /** The answer to one prompt. Throws a ChangeFault when the system asks again for what it was given. */
  answer(prompt: string, said: string): Secret;
  /** For questions in the middle of a sign-in, when the old password has expired. */
  readonly answerer: (question: SshQuestion) => readonly Secret[];
  /** What the last refusal was, because a sign-in turns it into words of its own. */
  refusal(): ChangeFault | null;
  /** Whether a prompt is known by its words. */
  isKnown(prompt: string): boolean;
  /** What the system said, without the passwords. */
  sayable(text: string): string;
  /** Whether both entries of the new password were given. */
  isSent(): boolean;
}

/**
 * Prompts come in this order everywhere: the current password, where it is asked for, then the new one twice. Words
 * decide where they are known, the order where they are not. `sending` is called before the second entry: no system has
 * changed anything before it.
 */
export const passwdDialogue = (of: {
  system: string;
  current: Secret;
  next: Secret;
  sending(): void;
}): PasswdDialogue => {
  const { system, current, next, sending } = of;
  const secrets = [current, next].map((password) => ({ kind: 'password', password }) as const);
  let currents = 0;
  let nexts = 0;
  let refusal: ChangeFault | null = null;
  const refuse = (fault: ChangeFault): never => {
    refusal = fault;
    throw fault;
  };

  const sayable = (text: string) =>
    withoutSecrets(text, secrets)
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 500);

  const answer = (prompt: string, said: string): Secret => {
    const words = sayable(said);
    const asksForCurrent = isCurrent.test(prompt) ? true : isNext.test(prompt) ? false : currents + nexts === 0;
    if (asksForCurrent) {
      if (++currents > 1 || nexts > 0)
        return refuse(refusedBy('unauthorized', `${system} refused the current password.`, words));
      return current;
    }
    if (++nexts > 2) return refuse(refusedNext(system, words));
    if (nexts === 2) sending();
    return next;
  };

  return {
    answer,
    answerer: ({ instructions, prompts }) =>
      prompts.map(({ text }) => {
        const lines = text.trimEnd().split('\n');
        return answer(lines.at(-1) ?? '', [instructions, ...lines.slice(0, -1)].join(' '));
      }),
    refusal: () => refusal,
    isSent: () => nexts >= 2,
    isKnown: (prompt) => isCurrent.test(prompt) || isNext.test(prompt),
    sayable,
  };
};

/** In the languages that PAM and its modules are mostly seen in. */
const isCurrent =
  /\b(?:current|old|existing|aktuelles|altes|actuel|ancien|actual|antigua|attuale|vecchia|atual|antiga|huidig|nuvarande|nåværende|nuværende|obecne|stare)\b|текущий|старый|現在|当前|目前/iu;
const isNext =
  /\b(?:new|re-?type|re-?enter|again|repeat|confirm|verify|neues|wiederholen|nouveau|nueva|repita|nuova|ripetere|nova|nieuwe?|nytt|nyt|nowe|ponownie)\b|новый|повторите|新/iu;

/** Runs `passwd` on a terminal and answers it. Returns when it has ended well. */
export const runPasswd = async (ssh: Ssh, system: string, dialogue: PasswdDialogue): Promise<void> => {
  const terminal = await ssh.terminal({
    // So wide that no prompt is broken; in English, where the system heeds that.
    ...{ term: 'dumb', size: { columns: 500, rows: 50 }, command: 'env LC_ALL=C LANGUAGE=C passwd' },
  });
  const failed = Promise.withResolvers<never>();
  let heard = '';
  const giveUp = (error: unknown) => {
    failed.reject(error);
    terminal.close();
  };
  const timer = setTimeout(() => giveUp(silence(system)), dialogueMs);
  let quiet: NodeJS.Timeout | undefined;
  const reply = () => {
    const { prompt, before } = promptIn(heard);
    try {
      terminal.stream.write(`${dialogue.answer(prompt, before).reveal()}\n`);
      heard = '';
    } catch (error) {
      giveUp(error);
    }
  };
  terminal.stream.setEncoding('utf8');
  terminal.stream.on('error', () => undefined);
  terminal.stream.on('data', (text: string) => {
    clearTimeout(quiet);
    heard = `${heard}${text}`;
    if (heard.length > mostHeard) return giveUp(silence(system));
    const { prompt } = promptIn(heard);
    if (!/[:：?]\s*$/.test(prompt)) return;
    // "passwd:" may be the first half of a sentence: only silence tells it from a prompt in words that are not known.
    if (dialogue.isKnown(prompt)) reply();
    else quiet = setTimeout(reply, quietMs);
  });
  try {
    const { code, signal } = await Promise.race([terminal.ended, failed.promise]);
    if (code === 0 && dialogue.isSent()) return;
    // Without a code the connection was cut; with one, passwd itself says no.
    if (code === null && signal === null) throw silence(system);
    const said = dialogue.sayable(heard);
    throw dialogue.isSent()
      ? refusedNext(system, said)
      : refusedBy('forbidden', `${system} did not let the account change its password.`, `passwd: ${code} ${said}`);
  } finally {
    clearTimeout(timer);
    clearTimeout(quiet);
  }
};

/** A prompt is what stands at the end without having ended its line. */
const promptIn = (heard: string): { before: string; prompt: string } => {
  const at = Math.max(heard.lastIndexOf('\n'), heard.lastIndexOf('\r')) + 1;
  return { before: heard.slice(0, at), prompt: heard.slice(at) };
};

const silence = (system: string) =>
  new Fault(
    'unreachable',
    `${system} did not end the change of the password.`,
    'passwd did not end, or its end was lost',
  );

const dialogueMs = 60_000;
const quietMs = 300;
const mostHeard = 64 * 1024;
