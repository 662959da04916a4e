import { readFile } from 'node:fs/promises';
import { Fault } from '@gatehouse/kernel';
import { type Agent, variableOf } from './agent.ts';
import type { Dialogue } from './dialogue.ts';
import { flagOf, type Question, toValue } from './questions.ts';

/** Where answers come from: flags win over variables, and what neither says is asked. */
export interface Answers {
  readonly agent: Agent;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
  readonly dialogue: Dialogue;
}

export type Value = NonNullable<ReturnType<typeof toValue>>;

/**
 * The answer to one question; undefined where it may be left out and was. `complain` says what is wrong with an answer,
 * and a person is asked again. @throws Fault `misconfigured` that names the flag.
 */
export const answerTo = async (
  question: Question,
  from: Answers,
  complain: (value: Value) => string | null = () => null,
): Promise<Value | undefined> => {
  const { dialogue } = from;
  const { key, flags } = flagOf(question);
  const [flag = ''] = flags.split(' ');
  const given = await givenTo(question, from, key, flag);
  if (given === '' && !question.isRequired) return undefined;
  if (given !== null) {
    const { value, wrong } = judge(question, given, complain);
    if (wrong === null) return value;
    throw new Fault('misconfigured', `${question.title} (${flag}): ${wrong}`);
  }
  for (;;) {
    const text = await dialogue.ask(promptOf(question), question.kind === 'secret');
    if (text === null) {
      if (!question.isRequired) return undefined;
      throw new Fault(
        'misconfigured',
        `${question.title} is missing: give ${flag} or ${variableOf(from.agent, question.name)}.`,
      );
    }
    if (text.trim() === '' && question.standard !== null) return judge(question, question.standard, complain).value;
    if (text.trim() === '' && !question.isRequired) return undefined;
    const content = question.kind === 'file' ? await fileOf(text.trim()) : text;
    const { value, wrong } =
      content === null ? { value: '', wrong: 'This file cannot be read.' } : judge(question, content, complain);
    if (wrong === null) return value;
    if (!dialogue.isPerson) throw new Fault('misconfigured', `${question.title} (${flag}): ${wrong}`);
    dialogue.say(`  ${wrong}`);
  }
};

const promptOf = ({ title, description, choices, standard, isRequired, kind }: Question): string => {
  const how = [
    ...(choices.length > 0 ? [choices.join(' or ')] : []),
    ...(kind === 'toggle' ? ['yes or no'] : []),
    ...(kind === 'list' ? ['several with commas'] : []),
    ...(kind === 'file' ? ['path of a file'] : []),
    ...(standard !== null ? [`default ${standard}`] : isRequired ? [] : ['may be left out']),
  ];
  return `\n${description === '' ? '' : `  ${description}\n`}  ${title}${how.length > 0 ? ` (${how.join(', ')})` : ''}:`;
};

/** What a flag or a variable says; null: neither does. */
const givenTo = async (question: Question, from: Answers, key: string, flag: string): Promise<string | null> => {
  const { flags, environment, dialogue } = from;
  const said = flags[key];
  if (typeof said === 'string') {
    if (!flag.endsWith('-file')) return said;
    const content = said === '-' ? await dialogue.ask(`  ${question.title}:`, true) : await fileOf(said);
    if (content === null)
      throw new Fault('misconfigured', `${flag}: ${said === '-' ? 'there is no line' : `${said} cannot be read`}.`);
    return content;
  }
  const variable = environment[variableOf(from.agent, question.name)];
  if (variable === undefined) return null;
  if (question.kind !== 'file' || variable === '' || variable.includes('-----BEGIN')) return variable;
  const content = await fileOf(variable);
  if (content === null)
    throw new Fault('misconfigured', `${variableOf(from.agent, question.name)}: ${variable} cannot be read.`);
  return content;
};

const fileOf = async (path: string): Promise<string | null> => {
  try {
    const text = await readFile(path, 'utf8');
    // The end of the line is the editor's, not part of a password.
    return text.replace(/\r?\n$/, '');
  } catch {
    return null;
  }
};

const judge = (
  question: Question,
  text: string,
  complain: (value: Value) => string | null,
): { readonly value: Value; readonly wrong: string | null } => {
  const value = toValue(question, question.isSecret ? text : text.trim());
  if (value === undefined)
    return { value: '', wrong: question.kind === 'toggle' ? 'Answer yes or no.' : 'Enter a number.' };
  if (value === '') return { value, wrong: 'Enter a value.' };
  if (question.choices.length > 0 && !question.choices.includes(String(value)))
    return { value, wrong: `Answer ${question.choices.join(' or ')}.` };
  return { value, wrong: complain(value) };
};
