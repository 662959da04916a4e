import { describe } from '@gatehouse/fields';
import { asFault, type Host } from '@gatehouse/host';
import { Fault, toFault } from '@gatehouse/kernel';
import type { z } from 'zod';
import { type AnyDesk, erasedDesk } from './desk.ts';

/** One thing that is tried when settings are tested. */
export interface Step {
  readonly id: string;
  /** What is true where it passes, in a few words: "signed in". */
  readonly name: string;
  /** Nothing after it is tried where it fails. */
  readonly isEssential?: true;
  /** Resolves with a sentence about what was found; throws a Fault whose advice says what to do. */
  run(): Promise<string | Untried>;
}

/** Why a step could not be tried: settings that it needs are empty. */
export interface Untried {
  readonly untried: string;
}

export interface StepResult {
  readonly id: string;
  readonly name: string;
  /** Null: it was not tried. */
  readonly ok: boolean | null;
  readonly sentence: string;
  /** For the log of operators, where it failed. */
  readonly fault: Fault | null;
}

/** Tries settings step by step, and never throws half-way: what goes wrong is the result of its step. */
export async function* checkDesk(of: {
  readonly desk: AnyDesk;
  /** As entered, secrets in the clear. */
  readonly settings: unknown;
  /** Made with few attempts, because a person waits. */
  readonly host: Host;
}): AsyncIterable<StepResult> {
  const { host } = of;
  const desk = erasedDesk(of.desk);
  const opened: { steps: readonly Step[] } = { steps: [] };
  const settings: Step = {
    ...{ id: 'settings', name: 'Settings are complete', isEssential: true },
    async run() {
      opened.steps = desk.check(desk.connect(parsed(desk.config, of.settings), host));
      return 'Every setting has a value that can be right.';
    },
  };
  let failed = yield* attempt(settings, desk.name, null);
  for (const step of opened.steps) failed = yield* attempt(step, desk.name, failed);
}

/** Yields the result of a step; returns the essential step that has failed so far. */
async function* attempt(
  { id, name, isEssential, run }: Step,
  system: string,
  failed: string | null,
): AsyncGenerator<StepResult, string | null> {
  if (failed !== null) {
    yield { id, name, ok: null, sentence: `Not tried, because this failed: ${failed}.`, fault: null };
    return failed;
  }
  try {
    const found = await run();
    const [ok, sentence] = typeof found === 'string' ? [true, found] : [null, found.untried];
    yield { id, name, ok, sentence, fault: null };
    return null;
  } catch (error) {
    const fault = asFault(error, system) ?? toFault(error);
    yield { id, name, ok: false, sentence: fault.advice, fault };
    return isEssential === true ? name : null;
  }
}

const parsed = (config: z.ZodType, settings: unknown): unknown => {
  const { success, data, error } = config.safeParse(settings);
  if (success) return data;
  const { properties = {} } = describe(config);
  const sentences = error.issues.slice(0, 10).map(({ path, message }) => {
    const name = String(path[0] ?? '');
    const property = properties[name];
    const title = typeof property === 'object' && property.title !== undefined ? property.title : name;
    return `${[title, ...path.slice(1).map(String)].join(', ')}: ${/[.!?]$/.test(message) ? message : `${message}.`}`;
  });
  // No cause: the error of the schema could carry what was entered.
  throw new Fault('misconfigured', sentences.join(' '), 'the settings do not fit the schema');
};
