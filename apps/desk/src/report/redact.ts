import { RE2JS } from 're2js';
import type { SessionReport } from '../api/report.ts';

/** What chats must not carry into tickets, whoever wrote it: words for a secret with what follows, cards, keys, tokens. */
const usual: readonly (readonly [RegExp, string])[] = [
  [
    /\b(pass(?:word|wort|phrase|code)?|pwd|pin|secret|token|api[ _-]?key|kennwort)(\s*(?:is|ist|:|=|->)\s*)(\S{1,200})/giu,
    '$1$2█████',
  ],
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/gu, '█████'],
  [
    /\b(?:eyJ[\w-]{10,2000}\.[\w-]{4,4000}\.[\w-]{4,2000}|gh[pousr]_\w{20,100}|AKIA[A-Z0-9]{16}|xox[abprs]-[\w-]{10,200})\b/gu,
    '█████',
  ],
];

export type Redact = (text: string) => string;

/** Why a pattern cannot be used; null: it can. Patterns from outside are matched in linear time. */
export const wrongPattern = (pattern: string): string | null => {
  try {
    RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return null;
  } catch {
    return 'This is no regular expression that can be used here.';
  }
};

export const openRedact = (patterns: readonly string[]): Redact => {
  const own = patterns
    .filter((one) => wrongPattern(one) === null)
    .map((one) => RE2JS.compile(one, RE2JS.CASE_INSENSITIVE));
  return (text) => {
    const cards = text.replace(/\b\d(?:[ -]?\d){12,18}\b/gu, (digits) => (isCard(digits) ? '█████' : digits));
    const first = usual.reduce((rest, [pattern, by]) => rest.replace(pattern, by), cards);
    return own.reduce((rest, pattern) => pattern.matcher(rest).replaceAll('█████'), first);
  };
};

/** Numbers of cards have a check digit (ISO/IEC 7812), which tells nine of ten others from them. */
const isCard = (text: string): boolean => {
  const digits = [...text.replaceAll(/\D/g, '')].toReversed().map(Number);
  const sum = digits.reduce((total, digit, at) => {
    const counted = at % 2 === 0 ? digit : digit * 2;
    return total + (counted > 9 ? counted - 9 : counted);
  }, 0);
  return sum % 10 === 0;
};

/** Everything in a report that somebody wrote. */
export const redactReport = (report: SessionReport, redact: Redact): SessionReport => ({
  ...report,
  customers: report.customers.map((one) => ({ ...one, issue: redact(one.issue) })),
  events: report.events.map((one) => ({
    ...one,
    body: redact(one.body),
    data: one.data.map(({ name, value }) => ({ name, value: redact(value) })),
  })),
  surveys: report.surveys.map((one) => ({
    ...one,
    answers: one.answers.map((answer) => ({ ...answer, value: redact(answer.value) })),
  })),
});
