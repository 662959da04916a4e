import type { Endpoint } from '@gatehouse/vault-kit';

/** What stands in a line `host=name`. */
export interface Assignment {
  readonly host: string;
  readonly name: string;
}

export const toAssignments = (text: string): { found: readonly Assignment[]; wrong: readonly number[] } => {
  const found: Assignment[] = [];
  const wrong: number[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [, host = '', name = ''] = /^([^=\s]+)\s*=\s*([^=\s/]+)$/.exec(line.trim()) ?? [];
    if (host === '' || !isSegment(name)) wrong.push(index + 1);
    else found.push({ host: host.toLowerCase(), name });
  }
  return { found, wrong };
};

/** The names that are assigned to a host: by its own name, by the end of it, or to all. */
export const assignedTo = (assignments: readonly Assignment[], { hostname }: Endpoint): readonly string[] => {
  const name = hostname.toLowerCase();
  const isFor = ({ host }: Assignment) =>
    host === '*' || host === name || (host.startsWith('*.') && name.endsWith(host.slice(1)));
  return [...new Set(assignments.filter(isFor).map((one) => one.name))];
};

/** The segments of a path with places in it; null where there are none. */
export const toTemplate = (text: string): readonly string[] | null => {
  const segments = text.split('/').filter((segment) => segment !== '');
  return segments.length > 0 && segments.every((segment) => segment !== '.' && segment !== '..') ? segments : null;
};

export interface Places {
  readonly hostname: string;
  readonly person: string;
  /** The name of the person without its domain. */
  readonly username: string;
}

export const placesOf = (person: string, { hostname }: Endpoint): Places => {
  const name = person.slice(person.indexOf('\\') + 1);
  const username = person.includes('\\') ? name : (/^(.*)@[^@]*$/s.exec(name)?.[1] ?? name);
  return { hostname, person, username };
};

/** One pass, so that a name with braces in it is never taken for a place itself. */
export const fill = (template: string, places: Places): string =>
  template.replaceAll(/\{(hostname|person|username)\}/g, (_, place: keyof Places) => places[place]);

/**
 * The path of a template as a URL has it. Null where a name is not one segment of a path: with a slash in it, it would
 * lead to what belongs to another host.
 */
export const toPath = (template: string, places: Places): string | null => {
  const filled = (toTemplate(template) ?? []).map((segment) => fill(segment, places));
  return filled.length > 0 && filled.every(isSegment) ? filled.map(encodeURIComponent).join('/') : null;
};

export const isSegment = (text: string): boolean =>
  text.trim() !== '' && text !== '.' && text !== '..' && !/[/\p{Cc}]/u.test(text);
