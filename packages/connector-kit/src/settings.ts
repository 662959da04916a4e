import { describe } from '@gatehouse/fields';
import { Fault } from '@gatehouse/kernel';
import type { z } from 'zod';

/** The settings as the connector wants them; a `misconfigured` Fault whose advice names each field that is wrong. */
export const parseSettings = <Config extends z.ZodType>(config: Config, settings: unknown): z.output<Config> => {
  const parsed = config.safeParse(settings);
  if (parsed.success) return parsed.data;
  const { properties = {} } = describe(config);
  const sentences = parsed.error.issues.slice(0, 10).map((issue) => {
    const name = String(issue.path[0] ?? '');
    const property = properties[name];
    const title = typeof property === 'object' && property.title !== undefined ? property.title : name;
    return title === '' ? said(issue) : `${title}: ${said(issue)}`;
  });
  // No cause: the error of the schema could carry what was entered.
  throw new Fault('misconfigured', sentences.join(' '), 'the settings do not fit the schema');
};

const said = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'Enter a value.';
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1) return 'Enter a value.';
  return /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`;
};
