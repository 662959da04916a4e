import { RE2JS } from 're2js';
import type { SessionReport } from '../api/report.ts';
import { isChat } from '../details/index.ts';

/** Words for a secret; names of settings, too: `DB_PASSWORD`. */
const word =
  '(?:pass(?:word|wort|wd|phrase|code)?|pwd?|pin(?:[ -]?code)?|otp|secret|token|api[ _-]?key|kennwort|mot de passe|contrase[nñ]a|senha|wachtwoord|has[lł]o|пароль|密码|パスワード)';
const said = String.raw`(?:(?:ist?|lautet|est|es)(?!\p{L})|:|：|=|->|=>)`;
const spoken = String.raw`(?:\s+(?:for|of|to|on|für|von|vom|zu[mr]?)\s[^\n:=]{1,60}?)?`;
const value = String.raw`("[^"\n]{1,2000}"|'[^'\n]{1,2000}'|\S{1,2000})`;
const black = '█████';

/** What chats must not carry into tickets, whoever wrote it: words for a secret with what follows, keys, tokens. */
const usual: readonly (readonly [RegExp, string])[] = [
  [new RegExp(String.raw`(?<![\p{L}\p{N}])(${word})(["']?${spoken}\s*${said}\s*)${value}`, 'giu'), `$1$2${black}`],
  [new RegExp(String.raw`(<\s*(?:[\w.-]{0,40}[_.-])?${word}\s*>)[^<]{1,2000}`, 'giu'), `$1${black}`],
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/gu, black],
  [
    /\b(?:eyJ[\w-]{10,2000}\.[\w-]{4,4000}\.[\w-]{4,2000}|gh[pousr]_\w{20,100}|AKIA[A-Z0-9]{16}|xox[abprs]-[\w-]{10,200})\b/gu,
    black,
  ],
  [/\b(bearer\s+)[\w.~+/=-]{16,4000}/giu, `$1${black}`],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,100}:)[^\s@/]{1,200}(?=@)/giu, `$1${black}`],
];
/** What somebody is asked for, or begins to tell. */
const asked = new RegExp(String.raw`(?<![\p{L}\p{N}])(?!pass(?!\p{L}))${word}[^\p{L}\p{N}]{0,5}(?:${said}\s*)?$`, 'iu');
const named = new RegExp(String.raw`(?<![\p{L}\p{N}])${word}$`, 'iu');

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
    const cards = text.replace(/(?<!\d)\d(?:[\s.\u2010-\u2015-]?\d){12,18}(?!\d)/gu, (digits) =>
      isCard(digits) ? black : digits,
    );
    const first = usual.reduce((rest, [pattern, by]) => rest.replace(pattern, by), cards);
    return own.reduce((rest, pattern) => pattern.matcher(rest).replaceAll(black), first);
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

/** Everything in a report that somebody wrote, or that was read from a machine. */
export const redactReport = (report: SessionReport, redact: Redact): SessionReport => {
  const person = (one: SessionReport['customers'][number]) => ({
    ...one,
    ...{ name: redact(one.name), company: redact(one.company), issue: redact(one.issue) },
    ...{ username: redact(one.username), hostname: redact(one.hostname) },
    ...{ system: redact(one.system), address: redact(one.address) },
  });
  const pair = <T extends { readonly value: string }>(name: string, one: T): T => ({
    ...one,
    value: one.value !== '' && named.test(name.trim()) ? black : redact(one.value),
  });
  return {
    ...report,
    customers: report.customers.map(person),
    representatives: report.representatives.map(person),
    events: answersHidden(report.events).map((one) => ({
      ...one,
      ...{ by: redact(one.by), body: redact(one.body) },
      file: one.file === null ? null : { ...one.file, name: redact(one.file.name) },
      data: one.data.map((given) => pair(given.name, given)),
    })),
    system: report.system.map(({ name, rows }) => ({ name, rows: rows.map((row) => pair(row.name, row)) })),
    surveys: report.surveys.map((one) => ({
      ...{ ...one, name: redact(one.name) },
      answers: one.answers.map((answer) => ({ ...pair(answer.label, answer), label: redact(answer.label) })),
    })),
  };
};

/** One word that follows, in a chat, on the word for a secret is the secret, whoever asked for it. */
const answersHidden = (events: SessionReport['events']): SessionReport['events'] => {
  let before = '';
  return events.map((one) => {
    if (!isChat(one)) return one;
    const isAnswer = asked.test(before.trimEnd()) && /^\S{4,2000}$/u.test(one.body.trim());
    before = one.body.slice(-200);
    return isAnswer ? { ...one, body: black } : one;
  });
};
