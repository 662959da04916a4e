import type { Ssh } from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import type { CustomRules } from './custom.ts';
import type { ManagedSystem } from './platform.ts';

type Dialogue = NonNullable<Extract<CustomRules, { how: 'dialogue' }>['verify']>;

/** What stands for the placeholders; null where it is not known. */
export interface DialogueWords {
  readonly account: Secret;
  readonly password: Secret | null;
  readonly next: Secret | null;
}

/**
 * Types on a terminal what the steps say, each once the system has said what it waits for. `sending` is called before the
 * new password is typed for the first time. What a system echoes of it is never in a Fault.
 */
export const runDialogue = async (
  ssh: Ssh,
  system: ManagedSystem,
  { steps, succeeded, refused }: Dialogue,
  around: { readonly words: DialogueWords; sending(): void; sayable(text: string): string },
): Promise<{ readonly state: 'done' | 'refused'; readonly said: string }> => {
  const { words, sending, sayable } = around;
  const lines = steps.map(({ expect, send }) => ({
    expect,
    line: filled(system, send, words),
    isNext: send.includes('{next}'),
  }));
  const terminal = await ssh.terminal({ term: 'dumb', size: { columns: 500, rows: 50 } });
  const failed = Promise.withResolvers<never>();
  const listeners = new Set<() => void>();
  let heard = '';
  let isOver = false;
  const failure = (what: string) =>
    new Fault('unexpected', `${system.name} did not go through the dialogue to its end.`, `${what}: ${sayable(heard)}`);
  terminal.stream.setEncoding('utf8');
  terminal.stream.on('error', () => undefined);
  terminal.stream.on('data', (text: string) => {
    heard += text;
    if (heard.length > mostHeard) failed.reject(failure('it said too much'));
    for (const listener of [...listeners]) listener();
  });
  void terminal.ended.then(() => {
    isOver = true;
    for (const listener of [...listeners]) listener();
  });
  const timer = setTimeout(() => failed.reject(failure('it took too long')), dialogueMs);
  /** The first of these that it says; empty ones it never says. */
  const hears = (...texts: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const said = heard.toLowerCase();
        const found = texts.find((text) => text !== '' && said.includes(text.toLowerCase()));
        if (found === undefined && !isOver) return;
        listeners.delete(look);
        if (found === undefined) reject(failure('it ended the dialogue'));
        else resolve(found);
      };
      listeners.add(look);
      look();
    });
  const converse = async () => {
    for (const { expect, line, isNext } of lines) {
      if (expect !== '' && (await hears(expect, refused)) !== expect) return refused;
      heard = '';
      if (isNext) sending();
      terminal.stream.write(`${line}\r`);
    }
    return hears(refused, succeeded);
  };
  try {
    const last = await Promise.race([converse(), failed.promise]);
    return { state: last === succeeded ? 'done' : 'refused', said: sayable(heard) };
  } finally {
    clearTimeout(timer);
    listeners.clear();
    terminal.close();
  }
};

const filled = (system: ManagedSystem, send: string, words: DialogueWords): string =>
  send.replaceAll(/\{(account|password|next)\}/g, (_, name: keyof DialogueWords) => {
    const word = words[name];
    if (word !== null) return word.reveal();
    throw new Fault(
      'misconfigured',
      `The present password at ${system.name} is not stored, and its dialogue sends it.`,
    );
  });

const dialogueMs = 60_000;
const mostHeard = 64 * 1024;
